import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Batch,
  collect,
  concatBatches,
  dateColumn,
  float64Column,
  parseDiscountGrid,
  sliceRows,
  stringColumn,
} from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MarketTruth } from '../../src/accuracy/market-truth.ts';

const folder = mkdtempSync(join(tmpdir(), 'hemline-truth-'));
const market = join(folder, 'market');
const discounts = '0,0.3,0.7';
let truth: MarketTruth;
/** The best forecast: the truth in long form. */
let best: Batch;

beforeAll(async () => {
  await simulateMarket({ out: market, articles: 60, markets: 1, discounts });
  truth = await MarketTruth.read(market, parseDiscountGrid(discounts));
  const { market: name } = await marketsOf();
  const file = await openParquet(join(market, `truth/demand/market=${name}/part-00000.parquet`));
  const batches: Batch[] = [];
  for await (const batch of file.batches()) batches.push(batch);
  const rows = concatBatches(batches);
  const planned = [...rows.numbers('planned').values.keys()].filter(
    (row) => Number(rows.numbers('planned').values[row]) === 1,
  );
  const { values, dictionary } = rows.strings('article');
  const levels = [0, 0.3, 0.7];
  const cells = planned.flatMap((row) => levels.map((level) => ({ row, level })));
  const at = (level: number): string => `demand_at_${Number((100 * level).toFixed(4))}`;
  best = new Batch({
    article: stringColumn(
      Int32Array.from(cells, ({ row }) => values[row]!),
      dictionary,
    ),
    market: stringColumn(new Int32Array(cells.length), [name]),
    week: dateColumn(Int32Array.from(cells, ({ row }) => rows.weeks('week')[row]!)),
    discount: float64Column(Float64Array.from(cells, ({ level }) => level)),
    demand: float64Column(
      Float64Array.from(cells, ({ row, level }) => rows.floats(at(level))[row]! * rows.floats('noise')[row]!),
    ),
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

async function marketsOf(): Promise<{ market: string }> {
  const { tables } = await openDataset(join(market, 'observed'));
  const { dictionary } = (await collect(tables.get('markets'))).strings('market');
  return { market: dictionary[0]! };
}

async function score(name: string, forecast: Batch): ReturnType<MarketTruth['score']> {
  await writeParquetFile(join(folder, name, 'part.parquet'), [forecast]);
  return truth.score(join(folder, name));
}

function scaled(by: (row: number) => number): Batch {
  const demand = best.floats('demand').map((value, row) => value * by(row));
  return best.with({ demand: float64Column(demand) });
}

it('gives the truth an error of 0, in every part of the market', async () => {
  const all = await score('truth', best);
  expect(all.rows).toBe(best.length);
  for (const { rows, error, bias } of [all, ...Object.values(all.parts)]) {
    expect(rows).toBeGreaterThan(0);
    expect(error).toBeCloseTo(0, 12);
    expect(bias).toBeCloseTo(0, 12);
  }
  expect(all.lift).toMatchObject({ without: 0 });
  expect(all.lift!.bias).toBeCloseTo(0, 12);
  expect(all.lift!.correlation).toBeCloseTo(1, 12);
  expect(all.coverage).toBeNull();
  const [near, later, cold] = Object.values(all.parts);
  expect(near!.rows + later!.rows + cold!.rows).toBe(best.length);
});

it('gives forecasts that are 10 % too high an error and a bias of 0.1', async () => {
  const all = await score(
    'high',
    scaled(() => 1.1),
  );
  const squares = [...all.articles.values()].reduce((sum, own) => sum + own.squares, 0);
  const truth = [...all.articles.values()].reduce((sum, own) => sum + own.truthSquares, 0);
  expect(Math.sqrt(squares / truth)).toBeCloseTo(all.error, 12);
  for (const { error, bias } of [all, ...Object.values(all.parts)]) {
    expect(error).toBeCloseTo(0.1, 10);
    expect(bias).toBeCloseTo(0.1, 10);
  }
});

it('tells parts of the market apart', async () => {
  const discount = best.floats('discount');
  const { parts: scores, lift } = await score(
    'deep',
    scaled((row) => (discount[row]! > 0.6 ? 0.5 : 1)),
  );
  expect(scores['without discount']!.error).toBeCloseTo(0, 12);
  expect(scores['at a discount of 70 %']!).toMatchObject({ error: 0.5, bias: -0.5 });
  const [weak, deep] = lift!.levels;
  expect(weak!.lift).toBeCloseTo(weak!.trueLift, 12);
  expect(deep!.lift).toBeCloseTo(deep!.trueLift + Math.log(0.5), 12);
});

it('counts what is drawn at the planned discount beside the quantiles, by week ahead', async () => {
  const quantile = (value: number): ReturnType<typeof float64Column> =>
    float64Column(new Float64Array(best.length).fill(value));
  const given = { demandLow: quantile(-1), demandMedian: quantile(0), demandHigh: quantile(1e9) };
  const { coverage } = await score('quantiles', best.with(given));
  expect(coverage!.all).toMatchObject({ 10: 0, 90: 1 });
  // Some weeks sell nothing, most do.
  expect(coverage!.all['50']).toBeGreaterThan(0);
  expect(coverage!.all['50']).toBeLessThan(0.5);
  expect(coverage!.byWeek).toHaveLength(26);
});

it('refuses forecasts with holes, and those that come twice', async () => {
  const rows = best.length;
  await expect(score('hole', sliceRows(best, 0, rows - 1))).rejects.toThrow(`${rows - 1} of ${rows}`);
  await expect(score('twice', concatBatches([best, sliceRows(best, 0, 1)]))).rejects.toThrow(/unexpected/);
});
