import {
  addWeeks,
  collect,
  KeyIndex,
  listing,
  SchemaError,
  SERIES_KEY,
  throwIfAborted,
  weeksAhead,
  type Batch,
  type DiscountGrid,
  type ProgressEvent,
  type QuantityName,
  type Week,
} from '@hemline/core';
import type { Dataset } from '@hemline/runtime';
import { openParquetFile } from '@hemline/stores';
import type { WeekRange } from '@hemline/runs/decisions';
import { BadArticles } from '../inputs/bad-articles.ts';
import { buildTable, type BuiltTable } from '../inputs/build-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { DemandCells } from '../inputs/demand-cells.ts';
import { ItemForecasts } from '../inputs/item-forecasts.ts';
import type { ForecastErrors } from '../inputs/offered-levels.ts';
import { PlannedDiscounts } from '../inputs/planned-discounts.ts';
import { orderSeries } from '../inputs/series-order.ts';
import { HISTORY_COLUMNS, StockHistory } from '../inputs/stock-history.ts';
import { OwnArticles, type ReadScope } from './own-articles.ts';
import type { QuantityForecasts } from './quantity-forecasts.ts';
import {
  overridesTold,
  placeOverrides,
  withOverrides,
  type StandingOverrides,
} from './standing-overrides.ts';
import { noRows } from './survey-forecast.ts';

/** Weeks of history that tell at which discounts a group was sold. */
const HISTORY_WEEKS = 104;

/** What is read, and how it is told. */
export interface ReadInputsOptions {
  /** Levels of the grid that demand was forecast at. */
  readonly discounts: DiscountGrid;
  /** How well the model of demand did, by group and level. */
  readonly errors: ForecastErrors;
  readonly settings: PricingSettings;
  readonly required: readonly QuantityName[];
  /** Parquet file of discounts that are fixed already. */
  readonly plan?: string | undefined;
  /**
   * Prices that people have fixed: they stand, whatever the plan says.
   * @returns those of the weeks that are priced; null: none are to be heeded
   */
  readonly overridesOf?: ((weeks: WeekRange) => Promise<StandingOverrides | null>) | undefined;
  /** Articles that are read, where others are priced elsewhere; all by default. They keep their numbers among all. */
  readonly scope?: ReadScope | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of every file that has been read. */
  readonly onProgress?: ((part: 'read', event: ProgressEvent) => void) | undefined;
}

/** Everything that pricing depends on. */
export interface PricingInputs extends BuiltTable {
  readonly cutoff: Week;
  /** Discounts that are fixed already, by a plan or by people; null where none are. */
  readonly planned: Float64Array | null;
  /** Prices that people have fixed; null where none were read. */
  readonly overrides: StandingOverrides | null;
  /** How many of them are of what is read here. */
  readonly placed: number;
}

/**
 * Reads the forecasts of a run and the data that it forecast, file by file.
 * @param forecasts of its quantities, demand first
 * @param dataset that was forecast
 * @param options grid, defaults, what is required, a plan
 * @returns the table of all articles
 */
export async function readInputs(
  forecasts: readonly QuantityForecasts[],
  dataset: Dataset,
  options: ReadInputsOptions,
): Promise<PricingInputs> {
  const { discounts, errors, settings, required, signal, scope } = options;
  const [demand, ...others] = forecasts as [QuantityForecasts, ...QuantityForecasts[]];
  const steps = new Steps(forecasts, options);
  const index = new KeyIndex(SERIES_KEY);
  const own = scope === undefined ? null : new OwnArticles(scope);
  const found = await seriesAndWeeks(demand, index, own, signal);
  const { first, last } = scope ?? found;
  const cutoff = addWeeks(first, -1);
  const weeks = weeksAhead(cutoff, Math.round((last - first) / 7) + 1);
  // Where all articles that are numbered are read, no others are wanted of their table.
  const isAll = scope !== undefined && scope.from === 0 && scope.to === scope.articles.length;
  const table = async (name: 'articles' | 'markets'): Promise<Batch | null> => {
    const found = dataset.tables.find(name);
    const articles = isAll && name === 'articles' ? { articles: own!.range } : {};
    return found === undefined ? null : collect(found, { signal, ...articles });
  };
  const order = orderSeries(index, await table('articles'), await table('markets'), scope);
  const bad = new BadArticles(order);
  const cells = new DemandCells(order, weeks, discounts, bad);
  const read = { discounts, own, signal, steps };
  for await (const batch of rowsOf(demand, read)) cells.add(batch);
  const items = new ItemForecasts(order, discounts, bad);
  for (const each of others)
    for await (const batch of rowsOf(each, read))
      items.add(each.quantity as Exclude<QuantityName, 'demand'>, batch);
  const weekly = dataset.tables.get('weekly');
  const has = (name: string): boolean => weekly.schema.fields.some((field) => field.name === name);
  const history = new StockHistory(order, { has }, { cutoff, weeks, discounts, lags: items.lags }, bad);
  const columns = [...SERIES_KEY, 'week', ...HISTORY_COLUMNS.filter(has)];
  const range = { role: 'week', after: addWeeks(cutoff, -HISTORY_WEEKS), until: weeks.at(-1)! };
  const wanted = { columns, weeks: range, signal, ...(own === null ? {} : { articles: own.range }) };
  for await (const batch of weekly.batches(wanted)) {
    throwIfAborted(signal);
    history.add(batch);
  }
  steps.next();
  const planned = options.plan === undefined ? null : new PlannedDiscounts(order, weeks);
  if (planned !== null) await readPlan(options.plan!, planned);
  const built = buildTable({
    order,
    weeks,
    discounts,
    demand: cells,
    items,
    history,
    errors,
    settings,
    required,
    bad,
  });
  const unused =
    planned === null || planned.unused === 0
      ? []
      : [`${planned.unused} rows of the plan are of articles, markets or weeks that are not priced`];
  const overrides = (await options.overridesOf?.({ from: weeks[0]!, to: weeks.at(-1)! })) ?? null;
  const placed = placeOverrides(overrides, built.table);
  const fixed = withOverrides(planned?.discounts ?? null, placed);
  const told = overridesTold(overrides?.prices.length ?? 0, placed.count, fixed.yielding);
  return {
    ...{ ...built, assumptions: [...built.assumptions, ...unused, ...told], cutoff },
    ...{ planned: fixed.planned, overrides, placed: placed.count },
  };
}

/** Numbers the series that were forecast, and finds the first and last week. */
async function seriesAndWeeks(
  { place, manifest }: QuantityForecasts,
  index: KeyIndex,
  own: OwnArticles | null,
  signal: AbortSignal | undefined,
): Promise<{ first: Week; last: Week }> {
  let [first, last] = [Infinity, -Infinity];
  const columns = [...SERIES_KEY, 'week'];
  for (const { file } of manifest.files) {
    throwIfAborted(signal);
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    for await (const all of parquet.batches({ columns, where: own?.where ?? [] })) {
      const batch = own?.rowsOf(all) ?? all;
      index.add(batch);
      for (const week of batch.weeks('week')) {
        first = Math.min(first, week);
        last = Math.max(last, week);
      }
    }
  }
  if (first !== Infinity) return { first, last };
  throw noRows(place);
}

async function* rowsOf(
  { quantity, place, manifest, curves }: QuantityForecasts,
  { discounts, own, signal, steps }: Reading,
): AsyncGenerator<Batch> {
  for (const { file } of manifest.files) {
    throwIfAborted(signal);
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    const isCurve = quantity === 'demand' && !parquet.schema.fields.some(({ name }) => name === 'demand');
    for await (const all of parquet.batches({ where: own?.where ?? [] })) {
      const batch = own?.rowsOf(all) ?? all;
      yield isCurve && curves !== null ? curves.evaluate(batch, discounts) : batch;
    }
    steps.next();
  }
}

/** How files of forecasts are read. */
interface Reading {
  readonly discounts: DiscountGrid;
  readonly own: OwnArticles | null;
  readonly signal: AbortSignal | undefined;
  readonly steps: Steps;
}

async function readPlan(file: string, planned: PlannedDiscounts): Promise<void> {
  const parquet = await openParquetFile(file);
  const columns = [...SERIES_KEY, 'week', 'discount'];
  const found = parquet.schema.fields.map(({ name }) => name);
  if (columns.some((name) => !found.includes(name)))
    throw new SchemaError('this file is no plan', {
      expected: `columns ${columns.join(', ')}`,
      found: listing(found, 20),
      where: { file },
      remedy:
        'A plan says which discounts are fixed already: the table recommendations of an earlier pricing is one.',
    });
  for await (const batch of parquet.batches({ columns })) planned.add(batch);
}

/** Files that are read, as progress. */
class Steps {
  readonly #total: number;
  readonly #onProgress: ReadInputsOptions['onProgress'];
  #done = 0;

  constructor(forecasts: readonly QuantityForecasts[], { onProgress }: ReadInputsOptions) {
    this.#total = forecasts.reduce((sum, { manifest }) => sum + manifest.files.length, 1);
    this.#onProgress = onProgress;
  }

  next(): void {
    this.#done++;
    this.#onProgress?.('read', { phase: 'read', done: this.#done, total: this.#total, unit: 'files' });
  }
}
