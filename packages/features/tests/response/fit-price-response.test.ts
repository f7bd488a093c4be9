import { addWeeks, Batch, float64Column, memoryTable, stringsToColumn, Tables } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import type { FilledPanel } from '../../src/panel/filled-panel.ts';
import { fitPriceResponse } from '../../src/response/fit-price-response.ts';
import { PriceResponse } from '../../src/response/price-response.ts';
import { readPriceResponse } from '../../src/response/read-price-response.ts';
import { TestArtifact } from '../support/artifact.ts';
import { confoundedMarket, naiveElasticity, type ConfoundedMarket } from './confounded-market.ts';

const DISCOUNT = 0.3;
const DEPTH = -Math.log1p(-DISCOUNT);
const GRID = Array.from({ length: 95 }, (_, d) => d / 100);

function fitted(market: ConfoundedMarket): { response: PriceResponse; panel: FilledPanel } {
  const { panel, cutoff } = confoundedMarket(market);
  return {
    panel,
    response: fitPriceResponse([panel], { cutoff, planned: [], categories: ['article', 'market', 'group'] }),
  };
}

const series = (group: string): Batch =>
  new Batch({
    article: stringsToColumn(['another']),
    market: stringsToColumn(['DE']),
    group: stringsToColumn([group]),
  });

/** Elasticity over 0 to 30 % off of a new article of a group. */
const elasticity = (response: PriceResponse, group = 'group 0'): number =>
  response.logLift(series(group), [DISCOUNT])[0]! / DEPTH;

describe('a market whose planner follows past sales', () => {
  it.each([1, 2, 3])('gives its response away, which a regression gets wrong (seed %d)', (seed) => {
    const { response, panel } = fitted({ seed, series: 200, weeks: 50, elasticities: [2] });
    const naive = naiveElasticity(panel);
    expect(Math.abs(naive - 2)).toBeGreaterThan(0.3);
    // Three standard errors, and 5 % for what the state is not exactly.
    expect(Math.abs(elasticity(response) - 2)).toBeLessThan(
      (3 * response.evidence.liftError) / DEPTH + 0.05 * 2,
    );
    expect(response.evidence.liftError / DEPTH).toBeLessThan(0.1);
    // 200 articles speak for others by 200 / 260.
    expect(response.evidence.resolved).toBeGreaterThan(0.95 * (200 / 260));
    expect(response.evidence.resolved).toBeLessThan(200 / 260);
    expect(response.evidence.weeks).toBe(200 * 50);
  });

  it('tells groups apart, and gives an article of no known group what is common', () => {
    const { response } = fitted({ seed: 4, series: 240, weeks: 50, elasticities: [1.4, 2.6] });
    const [low, high, unknown] = ['group 0', 'group 1', 'unheard of'].map((group) =>
      elasticity(response, group),
    ) as [number, number, number];
    expect(low).toBeGreaterThan(1.1);
    expect(low).toBeLessThan(1.8);
    expect(high).toBeGreaterThan(2.2);
    expect(high).toBeLessThan(3);
    expect(unknown).toBeGreaterThan(low);
    expect(unknown).toBeLessThan(high);
  });

  it('reads nothing after the cutoff', () => {
    const { panel, cutoff } = confoundedMarket({ seed: 5, series: 40, weeks: 40, elasticities: [2] });
    const earlier = addWeeks(cutoff, -10);
    const options = { cutoff: earlier, planned: [], categories: ['article', 'market', 'group'] };
    const spoilt = (name: string): Float64Array =>
      panel.rows.floats(name).map((value, row) => (panel.weeks[row]! > earlier ? 0.9 : value));
    const changed: FilledPanel = {
      ...panel,
      rows: panel.rows.with({
        demand: float64Column(spoilt('demand')),
        discount: float64Column(spoilt('discount')),
      }),
    };
    const lifts = [panel, changed].map((one) => fitPriceResponse([one], options).logLift(panel.series, GRID));
    expect(lifts[1]).toEqual(lifts[0]);
  });
});

describe('what a series has of its own', () => {
  const tiltsOf = (market: ConfoundedMarket): { tilts: Float64Array; truth: Float64Array } => {
    const { panel, cutoff, elasticities } = confoundedMarket(market);
    const options = { cutoff, planned: [], categories: ['article', 'market', 'group'] };
    return { tilts: fitPriceResponse([panel], options).tilts(panel.series), truth: elasticities };
  };

  it('is seen where it comes again', () => {
    const market = { seed: 21, series: 150, weeks: 60, elasticities: [2], own: 0.4, lottery: 1 };
    const { tilts, truth } = tiltsOf(market);
    expect(correlation(tilts, truth)).toBeGreaterThan(0.6);
    expect(deviation(tilts)).toBeGreaterThan(0.1);
  });
});

describe('the tables of a dataset', () => {
  const { panel, cutoff } = confoundedMarket({ seed: 15, series: 60, weeks: 40, elasticities: [1, 3] });
  const keys = panel.series.select(['article', 'group']);
  const tables = new Tables([memoryTable('weekly', [panel.rows]), memoryTable('articles', [keys])]);

  it('give what their panels give', async () => {
    const read = await readPriceResponse(tables, { cutoff });
    const options = { cutoff, planned: [], categories: ['article', 'market', 'group'] };
    expect(read.logLift(panel.series, GRID)).toEqual(
      fitPriceResponse([panel], options).logLift(panel.series, GRID),
    );
  });

  it('are read in part where they are large', async () => {
    const { evidence } = await readPriceResponse(tables, { cutoff, maximumSeries: 20 });
    expect(evidence.weeks).toBeGreaterThan(5 * 40);
    expect(evidence.weeks).toBeLessThan(40 * 40);
  });
});

describe('experiments', () => {
  it('alone are enough', () => {
    const { response } = fitted({ seed: 6, series: 150, weeks: 40, elasticities: [2], lottery: 1 });
    expect(Math.abs(elasticity(response) - 2)).toBeLessThan(0.15);
    expect(response.evidence.experimentWeeks).toBe(150 * 40);
  });

  it('correct what the planner knew and the data does not tell', () => {
    const market = { seed: 7, series: 200, weeks: 50, elasticities: [2], foresight: 2, lottery: 0.15 };
    const { panel, cutoff } = confoundedMarket(market);
    const options = { cutoff, planned: [], categories: ['article', 'market', 'group'] };
    const unrecorded: FilledPanel = {
      ...panel,
      rows: panel.rows.with({ propensity: float64Column(new Float64Array(panel.rows.length).fill(NaN)) }),
    };
    const [without, recorded] = [unrecorded, panel].map((one) =>
      elasticity(fitPriceResponse([one], options)),
    ) as [number, number];
    expect(Math.abs(without - 2)).toBeGreaterThan(0.4);
    // They move the curve as a whole: its shape stays that of all weeks.
    expect(Math.abs(recorded - 2)).toBeLessThan(Math.abs(without - 2) / 2);
  });

  it.each([16, 17, 18])('of a few weeks move little, whatever they sold by chance (seed %d)', (seed) => {
    const market = { seed, series: 150, weeks: 50, elasticities: [2], level: 3, lottery: 0.002 };
    const { response } = fitted(market);
    const { experimentWeeks, liftError } = response.evidence;
    expect(experimentWeeks).toBeGreaterThan(5);
    expect(experimentWeeks).toBeLessThan(30);
    expect(Math.abs(elasticity(response) - 2)).toBeLessThan(0.4);
    // Less sure than without a bias that there may be, and no surer than what is believed of it.
    expect(liftError / (2 * DEPTH)).toBeGreaterThan(0.05);
    expect(liftError / (2 * DEPTH)).toBeLessThan(0.25);
  });
});

describe('data that says nothing', () => {
  const cases: [string, ConfoundedMarket, number][] = [
    ['discounts never move', { seed: 8, series: 30, weeks: 30, elasticities: [2], fixed: 0.2 }, 0.2],
    ['nothing is ever sold', { seed: 9, series: 10, weeks: 30, elasticities: [2], level: 0 }, 0],
    ['there is no series', { seed: 10, series: 0, weeks: 30, elasticities: [2] }, 0],
  ];
  it.each(cases)('gives what is supposed of any market, and says so: %s', (_, market, most) => {
    const { response } = fitted(market);
    expect(response.evidence.resolved).toBeLessThanOrEqual(most);
    expect(elasticity(response)).toBeCloseTo(1.5, 1);
  });

  it('moves little with one short series', () => {
    const { response } = fitted({ seed: 11, series: 1, weeks: 20, elasticities: [2] });
    expect(response.evidence.resolved).toBeLessThan(0.9);
    expect(elasticity(response)).toBeGreaterThan(0);
    expect(elasticity(response)).toBeLessThan(6);
  });
});

describe('a response', () => {
  it('begins at 0 and never falls, whatever the data', () => {
    for (const market of [
      { seed: 12, series: 20, weeks: 25, elasticities: [-1] },
      { seed: 13, series: 20, weeks: 25, elasticities: [0, 3], level: 1 },
    ]) {
      const { response, panel } = fitted(market);
      const lift = response.logLift(panel.series, GRID);
      for (let s = 0; s < panel.series.length; s++) {
        expect(lift[s * GRID.length]).toBe(0);
        for (let d = 1; d < GRID.length; d++)
          expect(lift[s * GRID.length + d]).toBeGreaterThanOrEqual(lift[s * GRID.length + d - 1]!);
      }
    }
  });

  it('is the same once saved and loaded, and does not depend on the order of panels', async () => {
    const { panel, cutoff } = confoundedMarket({ seed: 14, series: 40, weeks: 30, elasticities: [1, 2] });
    const response = fitPriceResponse([panel], { cutoff, planned: [], categories: ['market', 'group'] });
    const artifact = new TestArtifact();
    await response.save(artifact, 'response');
    const loaded = await PriceResponse.load(artifact, 'response');
    expect(loaded.logLift(panel.series, GRID)).toEqual(response.logLift(panel.series, GRID));
    expect(loaded.evidence).toEqual(response.evidence);
    await artifact.writeJson('response', { slopes: [1, -1, 0, 0, 0], effects: [], evidence: {} });
    await expect(PriceResponse.load(artifact, 'response')).rejects.toThrow(/does not fit this version/);
  });
});

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [a, b].map((all) => all.reduce((sum, one) => sum + one, 0) / all.length) as [
    number,
    number,
  ];
  const together = a.reduce((sum, one, i) => sum + (one - meanA) * (b[i]! - meanB), 0) / a.length;
  return together / (deviation(a) * deviation(b));
}
