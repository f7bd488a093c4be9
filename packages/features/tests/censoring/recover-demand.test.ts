import { beforeAll, describe, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  boolColumn,
  collect,
  dateColumn,
  float64Column,
  memoryTable,
  SERIES_KEY,
  SeriesIndexBuilder,
  sliceRows,
  stringsToColumn,
  takeRows,
  type Table,
  type TableName,
} from '@hemline/core';
import { DemandLevels, demandLevels } from '../../src/censoring/demand-levels.ts';
import { IMPUTED, recoverDemand } from '../../src/censoring/recover-demand.ts';
import { inSeriesOrder } from '../../src/censoring/series-order.ts';
import { SizeShares, sizeShares } from '../../src/censoring/size-shares.ts';
import { PanelSource } from '../../src/panel/panel-source.ts';
import { TestArtifact } from '../support/artifact.ts';
import { FIRST_WEEK } from '../support/panels.ts';
import { SeededRandom } from '../support/random.ts';

const SIZES = ['S', 'M', 'L'];
/** Sizes of shirts and of coats, by group. */
const SHARES: Readonly<Record<string, readonly number[]>> = { shirt: [0.5, 0.3, 0.2], coat: [0.1, 0.3, 0.6] };
const ARTICLES = 24;
const WEEKS = 60;

interface Market {
  readonly weekly: Batch;
  readonly sizes: Batch;
  readonly articles: Batch;
  /** Demand as drawn, by weekly row. */
  readonly truth: Float64Array;
}

/** Articles of known shares, each delivered once in eight weeks, in amounts that often run out. */
function drawMarket(): Market {
  const random = new SeededRandom(4);
  const poisson = (mean: number): number => {
    let count = 0;
    for (let product = random.uniform(); product > Math.exp(-mean); product *= random.uniform()) count++;
    return count;
  };
  const keys = { article: [] as string[], week: [] as number[] };
  const weekly = { demand: [] as number[], uncensored: [] as number[] };
  const bySize = { article: [] as string[], week: [] as number[], size: [] as string[] };
  const sold = { sales: [] as number[], available: [] as number[] };
  const truth: number[] = [];
  for (let one = 0; one < ARTICLES; one++) {
    const article = `A${one}`;
    const shares = SHARES[one % 2 === 0 ? 'shirt' : 'coat']!;
    let level = 5 + 10 * random.uniform();
    const stock = shares.map(() => 0);
    for (let week = 0; week < WEEKS; week++) {
      level *= Math.exp(0.2 * (random.uniform() - 0.5));
      if (week % 8 === 0) shares.forEach((share, size) => (stock[size] = Math.ceil(7 * level * share)));
      let [units, wanted, available] = [0, 0, 1];
      shares.forEach((share, size) => {
        const demand = poisson(level * share);
        const sales = Math.min(demand, stock[size]!);
        stock[size]! -= sales;
        bySize.article.push(article);
        bySize.week.push(addWeeks(FIRST_WEEK, week));
        bySize.size.push(SIZES[size]!);
        sold.sales.push(sales);
        sold.available.push(stock[size] === 0 ? 0 : 1);
        if (stock[size] === 0) available = 0;
        units += sales;
        wanted += demand;
      });
      keys.article.push(article);
      keys.week.push(addWeeks(FIRST_WEEK, week));
      weekly.demand.push(units);
      weekly.uncensored.push(available);
      truth.push(wanted);
    }
  }
  const names = Array.from({ length: ARTICLES }, (_, one) => `A${one}`);
  return {
    weekly: new Batch({
      article: stringsToColumn(keys.article),
      market: stringsToColumn(keys.article.map(() => 'DE')),
      week: dateColumn(Int32Array.from(keys.week)),
      demand: float64Column(Float64Array.from(weekly.demand)),
      uncensored: boolColumn(Uint8Array.from(weekly.uncensored)),
    }),
    sizes: new Batch({
      article: stringsToColumn(bySize.article),
      market: stringsToColumn(bySize.article.map(() => 'DE')),
      week: dateColumn(Int32Array.from(bySize.week)),
      size: stringsToColumn(bySize.size),
      sales: float64Column(Float64Array.from(sold.sales)),
      available: boolColumn(Uint8Array.from(sold.available)),
    }),
    articles: new Batch({
      article: stringsToColumn(names),
      group: stringsToColumn(names.map((_, one) => (one % 2 === 0 ? 'shirt' : 'coat'))),
    }),
    truth: Float64Array.from(truth),
  };
}

/** A batch as a table of several. */
function cut(name: TableName, batch: Batch, rows: number): Table {
  const parts: Batch[] = [];
  for (let start = 0; start < batch.length; start += rows)
    parts.push(sliceRows(batch, start, Math.min(batch.length, start + rows)));
  return memoryTable(name, parts);
}

const market = drawMarket();
const weekly = cut('weekly', market.weekly, 100);
const sizes = cut('sizes', market.sizes, 100);
const articles = memoryTable('articles', [market.articles]);
let shares: SizeShares;
let levels: DemandLevels;

beforeAll(async () => {
  shares = await sizeShares(sizes, articles);
  levels = await demandLevels(weekly, sizes, shares);
});

/** Shares of the sizes of an article. */
function sharesOf(from: SizeShares, article: string, offered = SIZES): number[] {
  const keys = new Batch({
    article: stringsToColumn(offered.map(() => article)),
    size: stringsToColumn(offered),
  });
  const weights = from.weights(keys);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from(weights, (weight) => weight / total);
}

async function recovered(from = weekly, beside = sizes, cutoff?: number): Promise<Batch> {
  return collect(recoverDemand(from, beside, shares, levels, cutoff));
}

describe('the shares of sizes', () => {
  it('are those demand was drawn with, by article', () => {
    for (let one = 0; one < ARTICLES; one++) {
      const wanted = SHARES[one % 2 === 0 ? 'shirt' : 'coat']!;
      const found = sharesOf(shares, `A${one}`);
      for (const [size, share] of found.entries()) expect(Math.abs(share - wanted[size]!)).toBeLessThan(0.05);
    }
  });

  it("are the group's where an article has sold nothing, and even where nothing is known", async () => {
    const newcomers = new Batch({
      article: stringsToColumn(['N1', 'N2']),
      group: stringsToColumn(['coat', 'hat']),
    });
    const known = memoryTable('articles', [market.articles, newcomers]);
    const withNew = await sizeShares(sizes, known);
    sharesOf(withNew, 'N1').forEach((share, size) => expect(share).toBeCloseTo(SHARES.coat![size]!, 1));
    sharesOf(withNew, 'N2').forEach((share) => expect(share).toBeCloseTo(1 / 3, 12));
    // A size that nobody of the group comes in counts as the average one.
    expect(sharesOf(withNew, 'N1', ['S', 'M', 'L', 'XL'])[3]).toBeCloseTo(1 / 4, 12);
  });

  it('are learnt from weeks in which nothing sold out, up to the cutoff', async () => {
    const cutoff = addWeeks(FIRST_WEEK, 20);
    const weeks = market.sizes.weeks('week');
    const later = market.sizes.with({
      sales: float64Column(
        market.sizes.floats('sales').map((value, row) => (weeks[row]! > cutoff ? 1e6 : value)),
      ),
    });
    const before = await sizeShares(sizes, articles, { cutoff });
    const poisoned = await sizeShares(memoryTable('sizes', [later]), articles, { cutoff });
    expect(sharesOf(poisoned, 'A0')).toEqual(sharesOf(before, 'A0'));
    expect(sharesOf(before, 'A0')).not.toEqual(sharesOf(shares, 'A0'));
  });
});

describe('recovered demand', () => {
  it('is nearly unbiased where sales are far off, and as given where nothing sold out', async () => {
    const rows = await recovered();
    const demand = rows.floats('demand');
    const sales = market.weekly.floats('demand');
    const imputed = rows.numbers(IMPUTED).values;
    const uncensored = market.weekly.numbers('uncensored').values;
    let [found, sold, wanted, count] = [0, 0, 0, 0];
    for (let row = 0; row < rows.length; row++) {
      expect(imputed[row]).toBe(1 - uncensored[row]!);
      if (imputed[row] === 0) expect(demand[row]).toBe(sales[row]);
      else {
        expect(demand[row]).toBeGreaterThanOrEqual(sales[row]! - 1e-9);
        [found, sold, wanted, count] = [
          found + demand[row]!,
          sold + sales[row]!,
          wanted + market.truth[row]!,
          count + 1,
        ];
      }
    }
    expect(count).toBeGreaterThan(300);
    expect(sold / wanted).toBeLessThan(0.8);
    expect(Math.abs(found / wanted - 1)).toBeLessThan(0.05);
  });

  it('does not depend on how the tables are cut', async () => {
    const whole = await recovered(
      memoryTable('weekly', [market.weekly]),
      memoryTable('sizes', [market.sizes]),
    );
    expect((await recovered()).floats('demand')).toEqual(whole.floats('demand'));
    const tiny = await recovered(cut('weekly', market.weekly, 7), cut('sizes', market.sizes, 5));
    expect(tiny.floats('demand')).toEqual(whole.floats('demand'));
  });

  it('of a week reads nothing of later ones, and passes weeks after the cutoff as they are', async () => {
    const cutoff = addWeeks(FIRST_WEEK, 30);
    const weeks = market.weekly.weeks('week');
    const all = (await recovered()).floats('demand');
    const past = await recovered(weekly, sizes, cutoff);
    const demand = past.floats('demand');
    const imputed = past.numbers(IMPUTED).values;
    const given = market.weekly.floats('demand');
    for (let row = 0; row < past.length; row++) {
      if (weeks[row]! <= cutoff) expect(demand[row]).toBe(all[row]);
      else expect([demand[row], imputed[row]]).toEqual([given[row], 0]);
    }
  });

  it('reads the columns asked for', async () => {
    const table = recoverDemand(weekly, sizes, shares, levels);
    const some = await collect(table, { columns: ['week', IMPUTED] });
    expect(some.names).toEqual(['week', IMPUTED]);
    expect(table.schema.fields.at(-1)).toMatchObject({ name: IMPUTED, type: 'bool' });
  });

  it('is the same from shares and levels that were saved', async () => {
    const artifact = new TestArtifact();
    await shares.save(artifact, 'sizes');
    await levels.save(artifact, 'levels');
    const again = recoverDemand(
      weekly,
      sizes,
      await SizeShares.load(artifact, 'sizes'),
      await DemandLevels.load(artifact, 'levels'),
    );
    expect((await collect(again)).floats('demand')).toEqual((await recovered()).floats('demand'));
    await artifact.writeJson('levels', { drift: 1 });
    await expect(DemandLevels.load(artifact, 'levels')).rejects.toThrow(/stepVariance/);
    await artifact.writeJson('sizes', {});
    await expect(SizeShares.load(artifact, 'sizes')).rejects.toThrow(/damaged/);
  });

  it('without sizes is one size that sold out, as the column `uncensored` tells', async () => {
    const none = memoryTable('sizes', [sliceRows(market.sizes, 0, 0)]);
    const rows = await recovered(weekly, none);
    const sales = market.weekly.floats('demand');
    const imputed = rows.numbers(IMPUTED).values;
    expect([...imputed]).toEqual(
      Array.from(market.weekly.numbers('uncensored').values, (value) => 1 - value),
    );
    const raised = rows
      .floats('demand')
      .filter((value, row) => imputed[row] === 1 && value > sales[row]! + 0.1);
    expect(raised.length).toBeGreaterThan(100);
  });
});

describe('tables that do not belong together', () => {
  it('are refused when sizes do not add up', async () => {
    const sales = market.sizes.floats('sales').slice();
    sales[4]! += 1;
    const wrong = memoryTable('sizes', [market.sizes.with({ sales: float64Column(sales) })]);
    await expect(recovered(weekly, wrong)).rejects.toThrow(
      /do not add up.*article A0, market DE, week 2022-01-10/s,
    );
  });

  it('are refused when they are out of order or out of step', async () => {
    const half = market.weekly.length / 2;
    const swapped = memoryTable('weekly', [
      sliceRows(market.weekly, half),
      sliceRows(market.weekly, 0, half),
    ]);
    await expect(recovered(swapped)).rejects.toThrow(/Sort both tables/);
    const again = memoryTable('weekly', [market.weekly, market.weekly]);
    await expect(recovered(again)).rejects.toThrow(/weekly table is out of order/);
    const twice = memoryTable('sizes', [market.sizes, market.sizes]);
    await expect(sizeShares(twice, articles)).rejects.toThrow(/sizes table is out of order/);
    const short = memoryTable('weekly', [sliceRows(market.weekly, 0, half)]);
    await expect(recovered(short)).rejects.toThrow(/no row in the weekly table/);
  });

  it('are refused when nothing was sold before the cutoff', async () => {
    const cutoff = addWeeks(FIRST_WEEK, -1);
    await expect(demandLevels(weekly, sizes, shares, { cutoff })).rejects.toThrow(/no demand to learn from/);
  });
});

describe('the series of a recovered table', () => {
  /** Tells which columns are read of a table. */
  function watched(table: Table, reads: (readonly string[] | undefined)[]): Table {
    return {
      ...table,
      batches(options) {
        reads.push(options?.columns);
        return table.batches(options);
      },
    };
  }
  const keys = (batch: Batch): unknown[] => [batch.names, batch.length];

  it('are found without recovering demand: no size is read', async () => {
    const [ofWeekly, ofSizes]: [(readonly string[] | undefined)[], (readonly string[] | undefined)[]] = [
      [],
      [],
    ];
    const table = recoverDemand(watched(weekly, ofWeekly), watched(sizes, ofSizes), shares, levels);
    const source = await PanelSource.open({ weekly: table, articles });
    expect(source.series.length).toBe(ARTICLES);
    expect([ofWeekly, ofSizes]).toEqual([[SERIES_KEY], []]);
    const plain = await collect(weekly, { columns: SERIES_KEY });
    expect(keys(await collect(table, { columns: SERIES_KEY }))).toEqual(keys(plain));
  });

  it('are not read at all where the weekly table has an index of them', async () => {
    const builder = new SeriesIndexBuilder();
    builder.add(market.weekly);
    const reads: (readonly string[] | undefined)[] = [];
    const indexed = { ...watched(weekly, reads), series: builder.finish()! };
    const ordered = await inSeriesOrder({ weekly: indexed, sizes });
    const table = recoverDemand(ordered.weekly, ordered.sizes, shares, levels);
    const source = await PanelSource.open({ weekly: table, articles });
    expect([source.series.length, reads]).toEqual([ARTICLES, []]);
    expect((await collect(table)).floats('demand')).toEqual((await recovered()).floats('demand'));
  });
});

describe('tables in any order', () => {
  it('are read side by side as if they were sorted', async () => {
    const random = new SeededRandom(9);
    const shuffled = (name: TableName, batch: Batch): Table =>
      cut(name, takeRows(batch, Uint32Array.from(random.shuffle([...Array(batch.length).keys()]))), 90);
    const ordered = await inSeriesOrder({
      weekly: shuffled('weekly', market.weekly),
      sizes: shuffled('sizes', market.sizes),
    });
    const found = await recovered(ordered.weekly, ordered.sizes);
    const byKey = (batch: Batch): Map<string, number> => {
      const { values, dictionary } = batch.strings('article');
      const weeks = batch.weeks('week');
      return new Map(
        Array.from(batch.floats('demand'), (value, row) => [
          `${dictionary[values[row]!]} ${weeks[row]}`,
          value,
        ]),
      );
    };
    const wanted = byKey(await recovered());
    expect(byKey(found).size).toBe(wanted.size);
    for (const [key, value] of byKey(found)) expect(value).toBeCloseTo(wanted.get(key)!, 9);
  });

  it('that are in order already are not copied, and sizes of other series are left out', async () => {
    const half = memoryTable('weekly', [sliceRows(market.weekly, 0, 12 * WEEKS)]);
    const ordered = await inSeriesOrder({ weekly: half, sizes });
    expect(ordered.weekly).toBe(half);
    const found = await recovered(ordered.weekly, ordered.sizes);
    expect(found.floats('demand')).toEqual((await recovered()).floats('demand').slice(0, 12 * WEEKS));
  });
});
