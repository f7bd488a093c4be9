import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { collect, isValid, weeksBetween, type Batch, type DiscountGrid } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { ForecastScores, type Scores } from './forecast-scores.ts';

/** Weeks that the price decision rests on. */
const NEAR_WEEKS = 5;
const SEGMENTS = [
  'all',
  'weeks 1 to 5, articles with a history',
  'later weeks, articles with a history',
  'articles without a history',
  'without discount',
  'at a discount of 70 %',
] as const;

/** A planned week of a series. */
interface PlannedWeek {
  readonly blackPrice: number;
  /** Expected demand at each level, as known after the last known week. */
  readonly demand: Float64Array;
  readonly near: boolean;
  readonly hasHistory: boolean;
}

/** Expected demand in all planned weeks of a simulated market, at all discounts: what forecasts are scored against. */
export class MarketTruth {
  readonly #levels: DiscountGrid;
  readonly #weeks: ReadonlyMap<string, PlannedWeek>;

  private constructor(levels: DiscountGrid, weeks: ReadonlyMap<string, PlannedWeek>) {
    this.#levels = levels;
    this.#weeks = weeks;
  }

  /**
   * Reads the truth that `hemline simulate` wrote.
   * @param folder of the simulation
   * @param levels of its grid
   * @returns the truth of the planned weeks
   */
  static async read(folder: string, levels: DiscountGrid): Promise<MarketTruth> {
    const dataset = await openDataset(join(folder, 'observed'));
    const cutoff = await dataset.lastKnownWeek();
    const columns = ['article', 'market', 'week', 'demand', 'blackPrice'];
    const weekly = await collect(dataset.tables.get('weekly'), { columns });
    const [articles, markets] = [textOf(weekly, 'article'), textOf(weekly, 'market')];
    const [known, prices, dates] = [
      weekly.column('demand'),
      weekly.floats('blackPrice'),
      weekly.weeks('week'),
    ];
    const withHistory = new Set<string>();
    const blackPrice = new Map<string, number>();
    for (let row = 0; row < weekly.length; row++) {
      const series = `${articles(row)} ${markets(row)}`;
      if (dates[row]! <= cutoff && isValid(known, row)) withHistory.add(series);
      if (dates[row]! > cutoff) blackPrice.set(`${series} ${dates[row]!}`, prices[row]!);
    }
    const weeks = new Map<string, PlannedWeek>();
    const names = Array.from(levels, (level) => `demand_at_${Number((100 * level).toFixed(4))}`);
    for await (const { market, batch } of truthBatches(join(folder, 'truth/demand'))) {
      const article = textOf(batch, 'article');
      const [week, planned, noise] = [batch.weeks('week'), batch.numbers('planned'), batch.floats('noise')];
      const demand = names.map((name) => batch.floats(name));
      for (let row = 0; row < batch.length; row++) {
        if (Number(planned.values[row]) === 0) continue;
        const series = `${article(row)} ${market}`;
        const key = `${series} ${week[row]!}`;
        weeks.set(key, {
          blackPrice: blackPrice.get(key)!,
          demand: Float64Array.from(demand, (values) => values[row]! * noise[row]!),
          near: weeksBetween(cutoff, week[row]!) <= NEAR_WEEKS,
          hasHistory: withHistory.has(series),
        });
      }
    }
    return new MarketTruth(levels, weeks);
  }

  /**
   * Scores forecasts of all planned weeks at all levels; those of other weeks are passed over.
   * @param folder of Parquet files with `article`, `market`, `week`, `discount`, `demand`
   * @returns scores by segment
   * @throws Error when a week or level lacks a forecast, or has two
   */
  async score(folder: string): Promise<Record<string, Scores>> {
    const sums = new Map(SEGMENTS.map((name) => [name, new ForecastScores()]));
    const seen = new Set<string>();
    for (const file of await parquetFiles(folder)) {
      const columns = ['article', 'market', 'week', 'discount', 'demand'];
      for await (const batch of (await openParquet(file)).batches({ columns })) {
        const [article, market] = [textOf(batch, 'article'), textOf(batch, 'market')];
        const week = batch.weeks('week');
        const [discount, demand] = [batch.floats('discount'), batch.floats('demand')];
        for (let row = 0; row < batch.length; row++) {
          const key = `${article(row)} ${market(row)} ${week[row]!}`;
          const planned = this.#weeks.get(key);
          if (planned === undefined) continue;
          const level = this.#levels.findIndex((one) => Math.abs(one - discount[row]!) < 1e-6);
          const cell = `${key} ${level}`;
          if (level === -1 || seen.has(cell)) throw new Error(`unexpected forecast in ${file}: ${cell}`);
          seen.add(cell);
          for (const name of segmentsOf(planned, level, this.#levels.length))
            sums.get(name)!.add(demand[row]!, planned.demand[level]!, planned.blackPrice);
        }
      }
    }
    const wanted = this.#weeks.size * this.#levels.length;
    if (seen.size !== wanted)
      throw new Error(`${folder} has ${seen.size} of ${wanted} forecasts of planned weeks`);
    return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.scores]));
  }
}

function* segmentsOf(
  { near, hasHistory }: PlannedWeek,
  level: number,
  levels: number,
): Generator<(typeof SEGMENTS)[number]> {
  yield SEGMENTS[0];
  yield hasHistory ? (near ? SEGMENTS[1] : SEGMENTS[2]) : SEGMENTS[3];
  if (level === 0) yield SEGMENTS[4];
  if (level === levels - 1) yield SEGMENTS[5];
}

async function* truthBatches(folder: string): AsyncGenerator<{ market: string; batch: Batch }> {
  for (const file of await parquetFiles(folder)) {
    const market = /market=([^/]+)\//.exec(file)![1]!;
    for await (const batch of (await openParquet(file)).batches()) yield { market, batch };
  }
}

async function parquetFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.parquet'))
    .toSorted()
    .map((name) => join(folder, name));
}

function textOf(batch: Batch, name: string): (row: number) => string {
  const { values, dictionary } = batch.strings(name);
  return (row) => dictionary[values[row]!]!;
}
