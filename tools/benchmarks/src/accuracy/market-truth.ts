import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { collect, isValid, weeksBetween, type Batch, type DiscountGrid, type Week } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { ForecastScores, type ErrorSums, type Scores } from './forecast-scores.ts';
import { LiftSums, type LiftScores } from './lift-scores.ts';
import { QUANTILE_COLUMNS, QuantileShares } from './quantile-shares.ts';
import type { WindowCoverage } from './window-score.ts';

/** Weeks that the price decision rests on. */
const NEAR_WEEKS = 5;
/** Parts of a market that are scored by themselves. */
export const MARKET_PARTS = [
  'weeks 1 to 5, articles with a history',
  'later weeks, articles with a history',
  'articles without a history',
  'without discount',
  'at a discount of 70 %',
] as const;

/** How good forecasts of a market are. */
export interface MarketScore extends Scores {
  readonly parts: Readonly<Record<string, Scores>>;
  readonly articles: ReadonlyMap<string, ErrorSums>;
  /** Of forecasts with quantiles: what is drawn at the planned discount, beside them. */
  readonly coverage: WindowCoverage | null;
  readonly lift: LiftScores | null;
}

/** A planned week of a series. */
interface PlannedWeek {
  readonly article: string;
  readonly series: string;
  readonly weekAhead: number;
  readonly blackPrice: number;
  /** Expected demand at each level, as known after the last known week. */
  readonly demand: Float64Array;
  readonly hasHistory: boolean;
  /** Level that is planned, −1 where it is none of the grid's. */
  readonly plannedLevel: number;
  /** Units that were drawn at the planned discount. */
  readonly drawn: number;
}

/** Expected demand in all planned weeks of a simulated market, at all discounts: what forecasts are scored against. */
export class MarketTruth {
  readonly #levels: DiscountGrid;
  readonly #weeks: ReadonlyMap<string, PlannedWeek>;

  /** Last known week. */
  readonly cutoff: Week;

  private constructor(levels: DiscountGrid, weeks: ReadonlyMap<string, PlannedWeek>, cutoff: Week) {
    this.#levels = levels;
    this.#weeks = weeks;
    this.cutoff = cutoff;
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
      const [discount, drawn] = [batch.floats('discount'), batch.floats('demand')];
      for (let row = 0; row < batch.length; row++) {
        if (Number(planned.values[row]) === 0) continue;
        const series = `${article(row)} ${market}`;
        const key = `${series} ${week[row]!}`;
        weeks.set(key, {
          ...{ article: article(row), series, weekAhead: weeksBetween(cutoff, week[row]!) },
          blackPrice: blackPrice.get(key)!,
          demand: Float64Array.from(demand, (values) => values[row]! * noise[row]!),
          hasHistory: withHistory.has(series),
          plannedLevel: levelOf(levels, discount[row]!),
          drawn: Number(drawn[row]!),
        });
      }
    }
    return new MarketTruth(levels, weeks, cutoff);
  }

  /**
   * Scores forecasts of all planned weeks at all levels; those of other weeks are passed over.
   * @param folder of Parquet files with `article`, `market`, `week`, `discount`, `demand`, and quantiles where there are some
   * @returns scores in all, by part and by article, calibration of the quantiles, response to the discount
   * @throws Error when a week or level lacks a forecast, or has two
   */
  async score(folder: string): Promise<MarketScore> {
    const all = new ForecastScores();
    const parts = new Map(MARKET_PARTS.map((name) => [name, new ForecastScores()]));
    const articles = new Map<string, ForecastScores>();
    const shares = new QuantileShares();
    const lifts = new LiftSums(this.#levels);
    const seen = new Set<string>();
    for (const file of await parquetFiles(folder)) {
      const parquet = await openParquet(file);
      const names = new Set(parquet.schema.fields.map(({ name }) => name));
      const quantileColumns = QUANTILE_COLUMNS.map(([, column]) => column);
      const hasQuantiles = quantileColumns.every((column) => names.has(column));
      const columns = ['article', 'market', 'week', 'discount', 'demand'];
      if (hasQuantiles) columns.push(...quantileColumns);
      for await (const batch of parquet.batches({ columns })) {
        const quantiles = hasQuantiles ? quantileColumns.map((column) => batch.floats(column)) : null;
        const [article, market] = [textOf(batch, 'article'), textOf(batch, 'market')];
        const week = batch.weeks('week');
        const [discount, demand] = [batch.floats('discount'), batch.floats('demand')];
        for (let row = 0; row < batch.length; row++) {
          const key = `${article(row)} ${market(row)} ${week[row]!}`;
          const planned = this.#weeks.get(key);
          if (planned === undefined) continue;
          const level = levelOf(this.#levels, discount[row]!);
          const cell = `${key} ${level}`;
          if (level === -1 || seen.has(cell)) throw new Error(`unexpected forecast in ${file}: ${cell}`);
          seen.add(cell);
          const given = [demand[row]!, planned.demand[level]!, planned.blackPrice] as const;
          all.add(...given);
          for (const name of partsOf(planned, level, this.#levels.length)) parts.get(name)!.add(...given);
          let own = articles.get(planned.article);
          if (own === undefined) articles.set(planned.article, (own = new ForecastScores()));
          own.add(...given);
          lifts.add(planned.series, level, given[0], given[1]);
          if (quantiles !== null && level === planned.plannedLevel)
            shares.add(
              planned.weekAhead,
              planned.drawn,
              quantiles.map((values) => values[row]!),
            );
        }
      }
    }
    const wanted = this.#weeks.size * this.#levels.length;
    if (seen.size !== wanted)
      throw new Error(`${folder} has ${seen.size} of ${wanted} forecasts of planned weeks`);
    return {
      ...all.scores,
      parts: Object.fromEntries([...parts].map(([name, sum]) => [name, sum.scores])),
      ...{ articles, coverage: shares.coverage, lift: lifts.scores() },
    };
  }
}

function* partsOf(
  { weekAhead, hasHistory }: PlannedWeek,
  level: number,
  levels: number,
): Generator<(typeof MARKET_PARTS)[number]> {
  yield hasHistory ? MARKET_PARTS[weekAhead <= NEAR_WEEKS ? 0 : 1] : MARKET_PARTS[2];
  if (level === 0) yield MARKET_PARTS[3];
  if (level === levels - 1) yield MARKET_PARTS[4];
}

function levelOf(levels: DiscountGrid, discount: number): number {
  return levels.findIndex((one) => Math.abs(one - discount) < 1e-6);
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
