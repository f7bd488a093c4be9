import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { valueAt, type Batch } from '@hemline/core';
import { columnAt } from '../src/output/schemas.ts';
import { simulateMarket } from '../src/simulate-market.ts';
import type { MarketOptions } from '../src/options.ts';
import { articlesOf, checksums, readTable } from './read-simulation.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-worlds-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const MARKET = { articles: 70, markets: 2, weeks: 50, planWeeks: 8, seed: 6 };
let simulated = 0;

async function simulate(options: Partial<MarketOptions>): Promise<string> {
  const out = join(scratch, String(simulated++));
  await simulateMarket({ ...MARKET, ...options, out });
  return out;
}

/** Rows of a table by article and week. */
function keysOf(batch: Batch): string[] {
  return articlesOf(batch).map((article, row) => `${article} ${batch.weeks('week')[row]}`);
}

/** Mean of draws over their expectation given the noise, in weeks that happened. */
async function drawnOverExpected(out: string): Promise<number> {
  const truth = await readTable(out, 'truth/demand');
  const [drawn, noise, discount] = ['demand', 'noise', 'discount'].map((name) => truth.floats(name));
  const planned = truth.numbers('planned').values;
  let [sum, expected] = [0, 0];
  for (let row = 0; row < truth.length; row++) {
    if (planned[row] === 1) continue;
    sum += drawn![row]!;
    expected += truth.floats(columnAt('demand', discount![row]!))[row]! * noise![row]!;
  }
  return sum / expected;
}

describe('a pool', () => {
  it('has one stock, which all markets of an article sell from and see', async () => {
    const out = await simulate({ pool: true });
    const [one, other] = await Promise.all(
      ['DE', 'FR'].map((market) => readTable(out, `observed/weekly/market=${market}`)),
    );
    expect(keysOf(other!)).toEqual(keysOf(one!));
    for (const name of ['stock', 'delivery'] as const) expect(other!.floats(name)).toEqual(one!.floats(name));
    expect(other!.numbers('uncensored').values).toEqual(one!.numbers('uncensored').values);
    const stock = one!.floats('stock');
    const [mine, theirs] = [one!.floats('sales'), other!.floats('sales')];
    let soldOut = 0;
    for (let row = 0; row < stock.length; row++) {
      if (Number.isNaN(stock[row]!)) continue;
      expect(mine[row]! + theirs[row]!).toBeLessThanOrEqual(stock[row]!);
      if (stock[row]! > 0 && mine[row]! + theirs[row]! === stock[row]) soldOut++;
    }
    expect(soldOut).toBeGreaterThan(3);
    const markets = await readTable(out, 'observed/markets.parquet');
    expect([0, 1].map((row) => valueAt(markets.column('pool'), row))).toEqual(['all', 'all']);
    expect(await drawnOverExpected(out)).toBeCloseTo(1, 1);
  });

  it('does not depend on the blocks', async () => {
    const [a, b] = [await simulate({ pool: true }), await simulate({ pool: true, blockArticles: 9 })];
    expect(checksums(b)).toEqual(checksums(a));
  });
});

describe('competition', () => {
  it('leaves undiscounted demand among undiscounted rivals, and takes from it where they are cheap', async () => {
    const [alone, out] = [await simulate({}), await simulate({ competition: 0.5 })];
    const [before, after] = await Promise.all([alone, out].map((at) => readTable(at, 'truth/demand')));
    expect(keysOf(after!)).toEqual(keysOf(before!));
    const ratios = after!
      .floats('demand_at_0')
      .map((units, row) => units / before!.floats('demand_at_0')[row]!);
    expect(Math.max(...ratios)).toBeLessThan(1 + 1e-6);
    expect(Math.min(...ratios)).toBeLessThan(0.9);
    const [shallow, deep] = ['demand_at_0', 'demand_at_50'].map((name) => after!.floats(name));
    expect(deep!.every((units, row) => units > shallow![row]!)).toBe(true);
    expect(await drawnOverExpected(out)).toBeCloseTo(1, 1);
  });

  it('depends neither on the blocks nor on other markets, pooled or not', async () => {
    const [a, b] = [
      await simulate({ competition: 0.5 }),
      await simulate({ competition: 0.5, blockArticles: 9 }),
    ];
    expect(checksums(b)).toEqual(checksums(a));
    const one = checksums(await simulate({ competition: 0.5, markets: 1 }));
    const ofDE = Object.keys(one).filter((file) => file.includes('market=DE'));
    expect(ofDE.length).toBeGreaterThan(4);
    for (const file of ofDE) expect(one[file]).toBe(checksums(a)[file]);
    const both = { competition: 0.3, pool: true };
    const [c, d] = [await simulate(both), await simulate({ ...both, blockArticles: 9 })];
    expect(checksums(d)).toEqual(checksums(c));
  });
});

it('where responses age, the gain of a discount in logs grows by the factor told, from launch to end', async () => {
  const [plain, aged] = [await simulate({}), await simulate({ aging: 0.8 })];
  const [before, after] = await Promise.all([plain, aged].map((out) => readTable(out, 'truth/demand')));
  const articles = await readTable(plain, 'observed/articles.parquet');
  const life = new Map(
    articlesOf(articles).map((article, row) => [
      article,
      [articles.weeks('launch_week')[row]!, articles.weeks('season_end_week')[row]!] as const,
    ]),
  );
  const gain = (truth: Batch, row: number): number =>
    Math.log(truth.floats('demand_at_50')[row]! / truth.floats('demand_at_0')[row]!);
  articlesOf(after!).forEach((article, row) => {
    const [launch, end] = life.get(article)!;
    const progress = (after!.weeks('week')[row]! - launch) / (end - launch);
    expect(gain(after!, row) / gain(before!, row)).toBeCloseTo(Math.exp(0.8 * (progress - 0.5)), 4);
  });
  expect(await drawnOverExpected(aged)).toBeCloseTo(1, 1);
});

it('a tax is told by market, and changes nothing that is sold', async () => {
  const [plain, taxed] = [await simulate({}), await simulate({ vat: true })];
  const markets = await readTable(taxed, 'observed/markets.parquet');
  expect([...markets.floats('vat')]).toEqual([0.19, 0.2]);
  const [before, after] = [checksums(plain), checksums(taxed)];
  const changed = Object.keys(after).filter((file) => before[file] !== after[file]);
  expect(changed.sort()).toEqual(['/observed/dataset.json', '/observed/markets.parquet', '/simulation.json']);
});

it('what is left is worth the factor told, and nothing that is sold changes', async () => {
  const [plain, cheap] = [await simulate({}), await simulate({ residual: 0.4 })];
  const [before, after] = await Promise.all(
    [plain, cheap].map((out) => readTable(out, 'truth/residual.parquet')),
  );
  const shares = after!.floats('share');
  before!.floats('share').forEach((share, row) => expect(shares[row]! / share).toBeCloseTo(0.4, 6));
  const changed = Object.keys(checksums(cheap)).filter(
    (file) => checksums(cheap)[file] !== checksums(plain)[file],
  );
  expect(changed.every((file) => /clearance|residual|simulation\.json/.test(file))).toBe(true);
});

it('more is bought by the share told, of the same demand', async () => {
  const [plain, more] = [await simulate({}), await simulate({ overstock: 1 })];
  const delivered = async (out: string): Promise<number> =>
    (await readTable(out, 'observed/weekly')).floats('delivery').reduce((sum, units) => sum + units, 0);
  expect((await delivered(more)) / (await delivered(plain))).toBeCloseTo(2, 1);
  const undiscounted = async (out: string): Promise<number> =>
    (await readTable(out, 'truth/demand')).floats('demand_at_0').reduce((sum, units) => sum + units, 0);
  expect(await undiscounted(more)).toBe(await undiscounted(plain));
});

it.each([
  [{ competition: 1 }, 'competition 1 (a number from 0 to 0.95)'],
  [
    { competition: NaN, aging: 3 },
    'competition NaN (a number from 0 to 0.95); aging 3 (a number from -2 to 2)',
  ],
  [
    { overstock: -1, residual: 3 },
    'overstock -1 (a number from -0.9 to 5); residual 3 (a number from 0 to 2)',
  ],
])('what is out of range is refused: %j', async (options, found) => {
  await expect(simulate(options)).rejects.toThrow(found);
});
