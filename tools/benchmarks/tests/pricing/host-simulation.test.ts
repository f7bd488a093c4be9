import { describe, expect, it } from 'vitest';
import type { HostCosts } from '../../src/pricing/host-costs.ts';
import {
  simulateHosts,
  type HostPlan,
  type SimulatedPricing,
  type Surroundings,
} from '../../src/pricing/host-simulation.ts';

const PLAN: HostPlan = {
  ...{ articles: 10_000, markets: 2, weeks: 4, levels: 3, history: 10, rows: 5 },
  isSorted: false,
  ...{ hosts: 4, threads: 2, articlesOfBlock: 500 },
};
const COSTS: HostCosts = {
  ...{ solve: 0.01, check: 0.001, measure: 0.002, write: 0.003, key: 1e-6, demandRow: 2e-6 },
  ...{
    weeklyRow: 1e-6,
    answerBytes: 100,
    unpack: 1e-6,
    lead: 1e-6,
    leadAtLeast: 0.5,
    samples: 2,
    evaluations: 3,
  },
};
/** A store that takes no time, and hosts that are all alike. */
const IDEAL: Surroundings = {
  ...{ put: 0, get: 0, list: 0, requestSpread: 0, requestsAtATime: 16, bandwidth: Infinity, start: 0 },
  ...{ threadSpeed: 1, hostSpread: 0, stageSpread: 0, slowShare: 0, slowFactor: 1, pause: 0, price: 2 },
};

const of = ({ stages }: SimulatedPricing, name: string): number =>
  stages.find((stage) => stage.name === name)!.seconds;

describe('the simulation of hosts', () => {
  it('comes to what can be worked out where nothing is left to chance', () => {
    const found = simulateHosts(PLAN, COSTS, IDEAL, 1);
    // Five blocks a host.
    expect(of(found, 'checks')).toBeCloseTo(2500 * 0.001, 9);
    expect(of(found, 'tables')).toBeCloseTo(2500 * 0.003, 9);
    expect(of(found, 'solving')).toBeCloseTo((2500 * 0.01 * (3 + 2 * 0.25)) / 2, 9);
    expect(of(found, 'reading')).toBeCloseTo(2500 * 2 * 12 * 3e-6 + 20_000 * 10 * 1e-6, 9);
    expect(of(found, 'between evaluations')).toBeCloseTo(10_000 * 6e-6 * 3.5 + 5 * 0.5, 9);
    const sorted = simulateHosts({ ...PLAN, isSorted: true }, COSTS, IDEAL, 1);
    expect(of(sorted, 'reading')).toBeCloseTo(2500 * 2 * (12 * 3e-6 + 10 * 1e-6), 9);
    expect(of(found, 'exchange')).toBe(0);
    expect(found.bytesOfRound).toBe(1_000_000);
    expect(found.cost).toBeCloseTo(found.hours * 4 * 2, 9);
    expect(found.hours * 3600).toBeCloseTo(
      found.stages.reduce((sum, { seconds }) => sum + seconds, 0),
      9,
    );
  });

  it('waits for the slowest host, and for the store', () => {
    const ideal = simulateHosts(PLAN, COSTS, IDEAL, 1);
    const slow = simulateHosts(PLAN, COSTS, { ...IDEAL, slowShare: 1, slowFactor: 3 }, 1);
    expect(of(slow, 'solving')).toBeCloseTo(3 * of(ideal, 'solving'), 9);
    const far = simulateHosts(PLAN, COSTS, { ...IDEAL, put: 0.1, get: 0.1, list: 0.1, pause: 1 }, 1);
    expect(of(far, 'solving')).toBe(of(ideal, 'solving'));
    // Five evaluations of five puts, a list, two reads of sixteen objects at once, a pause: 1.8 s each, and other exchanges.
    expect(of(far, 'exchange')).toBeGreaterThan(5 * 1.8);
    const narrow = simulateHosts(PLAN, COSTS, { ...IDEAL, bandwidth: 1e6 }, 1);
    expect(of(narrow, 'exchange')).toBeGreaterThan(3);
  });

  it('gains from more hosts only where hosts share the work', () => {
    const [few, many] = [4, 20].map((hosts) => simulateHosts({ ...PLAN, hosts }, COSTS, IDEAL, 1));
    expect(of(few!, 'solving') / of(many!, 'solving')).toBeCloseTo(5, 9);
    expect(of(many!, 'between evaluations')).toBe(of(few!, 'between evaluations'));
    // Hosts beyond the blocks have nothing to do.
    const idle = simulateHosts({ ...PLAN, hosts: 40 }, COSTS, IDEAL, 1);
    expect(of(idle, 'solving')).toBe(of(many!, 'solving'));
  });

  it('is the same for the same seed, and another for another', () => {
    const around = { ...IDEAL, hostSpread: 0.2, stageSpread: 0.1 };
    const [one, same, other] = [1, 1, 2].map((seed) => simulateHosts(PLAN, COSTS, around, seed));
    expect(same).toEqual(one);
    expect(other!.hours).not.toBe(one!.hours);
    expect(one!.hours).toBeGreaterThan(simulateHosts(PLAN, COSTS, IDEAL, 1).hours);
  });
});
