import type { PlanCase, PlanReport } from '../harness/plan-case.ts';
import { runChild } from '../harness/run-child.ts';
import type { HostCosts } from '../pricing/host-costs.ts';
import {
  simulateHosts,
  type HostPlan,
  type SimulatedPricing,
  type Surroundings,
} from '../pricing/host-simulation.ts';
import { nodeProgram } from './programs.ts';

const SEEDS = 200;

/** A million articles in 20 markets, lower and upper discount rates of each market and eight limits more. */
const PLAN: HostPlan = {
  ...{ articles: 1_000_000, markets: 20, weeks: 26, levels: 15, history: 104, rows: 48 },
  isSorted: true,
  ...{ hosts: 50, threads: 16, articlesOfBlock: 5000 },
};

/** S3 and ml.m5.4xlarge, as one may expect them: parameters, not measured here. */
const USUAL: Surroundings = {
  ...{ put: 0.05, get: 0.03, list: 0.1, requestSpread: 0.6, requestsAtATime: 16, bandwidth: 250e6 },
  ...{ start: 420, threadSpeed: 0.6, hostSpread: 0.05, stageSpread: 0.05, slowShare: 0, slowFactor: 1 },
  ...{ pause: 1, price: 0.922 },
};
/** Every tenth host takes three times as long throughout, requests ten times. */
const BAD: Surroundings = {
  ...USUAL,
  ...{ put: 0.5, get: 0.3, list: 1, slowShare: 0.1, slowFactor: 3 },
};

/** A million articles on fifty hosts. */
export const pricingHosts: PlanCase = {
  name: 'pricing-hosts',
  description:
    'a plan: pricing a million articles (--articles) × 20 markets on 50 hosts (--hosts), simulated from what is measured here',
  async plan({ articles, hosts, onRun }) {
    const plan = { ...PLAN, articles: articles ?? PLAN.articles, hosts: hosts ?? PLAN.hosts };
    onRun('measuring articles of one pool');
    const pool = await costsOf(plan.markets, 'pool');
    onRun('measuring articles with a stock in each market');
    const apart = await costsOf(plan.markets, 'apart');
    return report(plan, { pool, apart });
  },
};

async function costsOf(markets: number, stock: 'pool' | 'apart'): Promise<HostCosts> {
  const text = await runChild(nodeProgram('pricing-host-costs.ts', [String(markets), stock]));
  return JSON.parse(text.trim().split('\n').at(-1)!) as HostCosts;
}

function report(plan: HostPlan, costs: { readonly pool: HostCosts; readonly apart: HostCosts }): PlanReport {
  const cases = [
    { name: 'one pool', of: costs.pool, around: USUAL, plan },
    { name: 'a stock each', of: costs.apart, around: USUAL, plan },
    { name: 'a stock each, stragglers', of: costs.apart, around: BAD, plan },
    { name: 'a stock each, half the hosts', of: costs.apart, around: USUAL, plan: halved(plan) },
    {
      name: 'a stock each, weekly unsorted',
      of: costs.apart,
      around: USUAL,
      plan: { ...plan, isSorted: false },
    },
    { name: 'a stock each, 10 evaluations', of: { ...costs.apart, evaluations: 10 }, around: USUAL, plan },
  ].map((each) => ({ ...each, runs: runsOf(each.plan, each.of, each.around) }));
  const heading = ['minutes, medians', ...cases.map(({ name }) => name)];
  const stages = cases[0]!.runs[0]!.stages.map(({ name }) => [
    name,
    ...cases.map(({ runs }) => minutes(median(runs.map((run) => secondsOf(run, name))))),
  ]);
  const row = (name: string, of: (runs: readonly SimulatedPricing[]) => string): string[] => [
    name,
    ...cases.map(({ runs }) => of(runs)),
  ];
  const summary = [
    row('all, median', (runs) => minutes(3600 * median(runs.map(({ hours }) => hours)))),
    row('all, 90 % of runs', (runs) =>
      minutes(
        3600 *
          quantile(
            0.9,
            runs.map(({ hours }) => hours),
          ),
      ),
    ),
    row('a restart until it is there again', (runs) => minutes(median(runs.map(({ restart }) => restart)))),
    row('MB taken in by the leader, a round', (runs) => (runs[0]!.bytesOfRound / 1e6).toFixed(0)),
    row('GB exchanged in all', (runs) => (runs[0]!.bytes / 1e9).toFixed(1)),
    row('cost', (runs) => median(runs.map(({ cost }) => cost)).toFixed(0)),
  ];
  return {
    title: `${plan.articles} articles × ${plan.markets} markets × ${plan.weeks} weeks × ${plan.levels} levels, ${plan.rows} rows of limits, on ${plan.hosts} hosts of ${plan.threads} threads: simulated ${SEEDS} times`,
    tables: [measuredTable(costs), [heading, ...stages, ...summary]],
    data: { plan, costs, usual: USUAL, bad: BAD, cases: cases.map(({ name, runs }) => ({ name, runs })) },
  };
}

function halved(plan: HostPlan): HostPlan {
  return { ...plan, hosts: Math.ceil(plan.hosts / 2) };
}

function runsOf(plan: HostPlan, costs: HostCosts, around: Surroundings): readonly SimulatedPricing[] {
  return Array.from({ length: SEEDS }, (_, seed) => simulateHosts(plan, costs, around, seed + 1));
}

function measuredTable(costs: Readonly<Record<'pool' | 'apart', HostCosts>>): string[][] {
  const row = (name: string, of: (cost: HostCosts) => number, unit: number, digits: number): string[] => [
    name,
    ...[costs.pool, costs.apart].map((cost) => (of(cost) * unit).toFixed(digits)),
  ];
  return [
    ['measured on one thread here', 'one pool', 'a stock each'],
    row('ms an article and evaluation', ({ solve }) => solve, 1e3, 2),
    row('ms an article, checked', ({ check }) => check, 1e3, 2),
    row('ms an article, measured', ({ measure }) => measure, 1e3, 2),
    row('ms an article, in the tables', ({ write }) => write, 1e3, 2),
    row('ns a row of demand, keys', ({ key }) => key, 1e9, 0),
    row('ns a row of demand', ({ demandRow }) => demandRow, 1e9, 0),
    row('ns a weekly row', ({ weeklyRow }) => weeklyRow, 1e9, 0),
    row('bytes an article, in an answer', ({ answerBytes }) => answerBytes, 1, 0),
    row('ns an article and row of limits, to lead', ({ lead }) => lead, 1e9, 0),
    row('s to lead, whatever the articles', ({ leadAtLeast }) => leadAtLeast, 1, 2),
    row('evaluations of a sample', ({ samples }) => samples, 1, 0),
    row('evaluations of all', ({ evaluations }) => evaluations, 1, 0),
  ];
}

function secondsOf({ stages }: SimulatedPricing, name: string): number {
  return stages.find((stage) => stage.name === name)?.seconds ?? 0;
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}

function median(values: readonly number[]): number {
  return quantile(0.5, values);
}

function quantile(share: number, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
