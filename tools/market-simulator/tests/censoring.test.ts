import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, type Batch, type Tables } from '@hemline/core';
import { demandLevels, recoverDemand, sizeShares } from '@hemline/features';
import { openDataset } from '@hemline/runtime';
import { simulateMarket } from '../src/simulate-market.ts';
import { readTable } from './read-simulation.ts';

const out = join(mkdtempSync(join(tmpdir(), 'market-censoring-')), 'market');
let tables: Tables;
let recovered: Batch;
let demand: Float64Array;
let sales: Float64Array;
let imputed: Uint8Array;
/** Demand as drawn, of rows in the order of the weekly table. */
let truth: Float64Array;
let happened: number[];

beforeAll(async () => {
  const { observed } = await simulateMarket({ out, articles: 80, markets: 2, seed: 2 });
  tables = (await openDataset(observed)).tables;
  const [weekly, sizes] = [tables.get('weekly'), tables.get('sizes')];
  const shares = await sizeShares(sizes, tables.get('articles'));
  const levels = await demandLevels(weekly, sizes, shares);
  recovered = await collect(recoverDemand(weekly, sizes, shares, levels));
  demand = recovered.floats('demand');
  sales = recovered.floats('sales');
  imputed = recovered.numbers('imputed').values as Uint8Array;
  truth = (await readTable(out, 'truth/demand')).floats('demand');
  happened = [...truth.keys()].filter((row) => !Number.isNaN(sales[row]));
}, 120_000);
afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }));

/** Σ (estimate − truth) / Σ truth over rows. */
function biasOf(estimate: Float64Array, rows: readonly number[]): number {
  const sum = (values: Float64Array): number => rows.reduce((total, row) => total + values[row]!, 0);
  return sum(estimate) / sum(truth) - 1;
}

function squaredError(estimate: Float64Array, rows: readonly number[]): number {
  return rows.reduce((total, row) => total + (estimate[row]! - truth[row]!) ** 2, 0);
}

describe('demand recovered from censored sales', () => {
  it('is unbiased within 3 % over imputed and over all rows, where sales are off by far more', () => {
    const guessed = happened.filter((row) => imputed[row] === 1);
    expect(guessed.length).toBeGreaterThan(1000);
    expect(biasOf(sales, guessed)).toBeLessThan(-0.2);
    expect(biasOf(sales, happened)).toBeLessThan(-0.06);
    expect(Math.abs(biasOf(demand, guessed))).toBeLessThan(0.03);
    expect(Math.abs(biasOf(demand, happened))).toBeLessThan(0.03);
  });

  it('is nearer to the truth week by week', () => {
    const guessed = happened.filter((row) => imputed[row] === 1);
    expect(squaredError(demand, guessed)).toBeLessThan(0.4 * squaredError(sales, guessed));
  });

  it('is imputed where a size sold out, true demand elsewhere, and never below the sales', () => {
    const uncensored = recovered.numbers('uncensored').values;
    for (const row of happened) {
      expect(imputed[row]).toBe(1 - uncensored[row]!);
      if (imputed[row] === 0) expect(demand[row]).toBe(truth[row]);
      else expect(demand[row]).toBeGreaterThanOrEqual(sales[row]! - 1e-9);
    }
  });

  it('leaves the plan alone', () => {
    for (let row = 0; row < truth.length; row++) {
      if (!Number.isNaN(sales[row])) continue;
      expect(demand[row]).toBeNaN();
      expect(imputed[row]).toBe(0);
    }
  });
});
