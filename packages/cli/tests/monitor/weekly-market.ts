import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addWeeks,
  collect,
  itemsOf,
  KeyIndex,
  memoryTable,
  parseWeek,
  SERIES_KEY,
  Tables,
  weeksBetween,
  type Batch,
  type FittedModel,
  type Week,
} from '@hemline/core';
import {
  articleGroup,
  DataDrift,
  demandActuals,
  ErrorDrift,
  type ComparedRow,
  type DataRow,
} from '@hemline/evaluation';
import { simulateMarket, type MarketOptions } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { loadModel } from '@hemline/hemline';

/** A forecast of a row, and what came. */
export interface ForecastRow extends ComparedRow {
  readonly blackPrice: number;
}

/** A market that was forecast anew every week, and what came. */
export interface WeeklyMarket {
  readonly items: Batch;
  readonly compared: readonly ForecastRow[];
  readonly observed: readonly DataRow[];
  /** That have forecasts, in order. */
  readonly weeks: readonly Week[];
  /** First week of the rows. */
  readonly from: Week;
  /** The model, where it was trained once. */
  readonly fitted: FittedModel | null;
}

/** Who forecasts a market. */
export interface Forecaster {
  readonly model: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Weeks before the first forecast. */
  readonly first: number;
  /** Whether it is trained before the first forecast alone, not every week. */
  readonly isTrainedOnce?: boolean;
}

/** The averaging model, trained every week. */
export const AVERAGING: Forecaster = {
  model: 'demand-naive',
  hyperparameters: { method: 'mean', window: 8 },
  first: 12,
};

/** Weeks ahead of the forecasts that are compared: the longest window that is judged. */
export const LONGEST = 4;

/**
 * Simulates a market, and forecasts each of its weeks.
 * @param options of the simulation
 * @param forecaster who forecasts
 * @param fitted a model that was trained once, on the same market without its shift
 * @returns all rows; with a shift, those from its first week on: earlier ones are those of the market without it
 */
export async function weeklyMarket(
  options: Omit<MarketOptions, 'out'>,
  forecaster: Forecaster = AVERAGING,
  fitted: FittedModel | null = null,
): Promise<WeeklyMarket> {
  const out = await mkdtemp(join(tmpdir(), 'hemline-market-'));
  try {
    await simulateMarket({ planWeeks: 0, ...options, out });
    const dataset = await openDataset(join(out, 'observed'));
    const all = await collect(dataset.tables.get('weekly'));
    const small = await Promise.all(
      (['articles', 'markets', 'sizes'] as const).map(async (name) =>
        memoryTable(name, [await collect(dataset.tables.get(name))]),
      ),
    );
    const weekly = memoryTable('weekly', [all]);
    const tables = new Tables([weekly, ...small]);
    const items = await itemsOf(weekly, small[0]!, small[1]!);
    const weeks = [...new Set(all.weeks('week'))].sort((a, b) => a - b);
    const from = options.shift === undefined ? -Infinity : parseWeek(options.shift.from);
    const { first, isTrainedOnce = false } = forecaster;
    const once = isTrainedOnce ? (fitted ?? (await fit(forecaster, tables, weeks[first]!))) : null;
    const compared: ForecastRow[] = [];
    for (const cutoff of weeks.slice(first, -1)) {
      if (addWeeks(cutoff, LONGEST) < from) continue;
      const model = once ?? (await fit(forecaster, tables, cutoff));
      for await (const row of forecastWeeks(model, tables, items, cutoff))
        if (row.week >= from) compared.push(row);
      if (once === null) model.dispose();
    }
    const observed = observedRows(all).filter(({ week }) => week >= from);
    return { items, compared, observed, weeks: weeks.slice(first + 1), from, fitted: once };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function fit(
  { model: name, hyperparameters }: Forecaster,
  tables: Tables,
  cutoff: Week,
): Promise<FittedModel> {
  const model = await loadModel(name);
  const parsed = model.hyperparameters.parse(hyperparameters);
  return model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), parsed);
}

/**
 * Shows markets to the monitor.
 * @param base without a shift
 * @param shifted the same with one, from its first week on
 * @returns what the monitor has seen
 */
export function watch(base: WeeklyMarket, shifted?: WeeklyMarket): { errors: ErrorDrift; data: DataDrift } {
  const until = shifted?.from ?? Infinity;
  const errors = new ErrorDrift(LONGEST);
  const data = new DataDrift();
  errors.begin(base.items);
  for (const row of base.compared) if (row.week < until) errors.add(row);
  for (const row of base.observed) if (row.week < until) data.add(row);
  if (shifted === undefined) return { errors, data };
  errors.begin(shifted.items);
  for (const row of shifted.compared) errors.add(row);
  for (const row of shifted.observed) data.add(row);
  return { errors, data };
}

async function* forecastWeeks(
  fitted: FittedModel,
  tables: Tables,
  items: Batch,
  cutoff: Week,
): AsyncGenerator<ForecastRow> {
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  const history = tables.asOf(cutoff);
  const known = await knownBefore(history, index, items.length, cutoff);
  const actuals = demandActuals(tables, { cutoff, horizon: LONGEST });
  for await (const { rows, demand, blackPrice } of actuals) {
    const item = index.find(rows);
    const week = rows.weeks('week');
    const discount = rows.floats('discount');
    let next = 0;
    const scenarios = { kind: 'planned', rows } as const;
    for await (const batch of fitted.predict({ cutoff, items, history, scenarios, batchRows: 65_536 })) {
      const forecast = batch.floats('demand');
      const support = batch.floats('support');
      for (let row = 0; row < batch.length; row++, next++) {
        if (support[row] === 0) continue;
        const ahead = weeksBetween(cutoff, week[next]!);
        yield {
          ...{ item: item[next]!, week: week[next]!, discount: discount[next]!, notices: [ahead, ahead] },
          ...{ forecast: forecast[row]!, actual: demand[next]!, blackPrice: blackPrice[next]! },
          ...{ knownDiscount: known.discount[item[next]!]!, knownDemand: known.demand[item[next]!]! },
          age: weeksBetween(known.first[item[next]!]!, week[next]!),
        };
      }
    }
  }
}

/** By item: its first week, mean discount of the last eight weeks and demand of the latest of them. */
async function knownBefore(
  history: Tables,
  index: KeyIndex,
  items: number,
  cutoff: Week,
): Promise<{ first: Int32Array; discount: Float64Array; demand: Float64Array }> {
  const rows = await collect(history.get('weekly'));
  const item = index.find(rows);
  const weeks = rows.weeks('week');
  const [discounts, demands] = [rows.floats('discount'), rows.floats('demand')];
  const uncensored = rows.floats('uncensored');
  const first = new Int32Array(items).fill(2 ** 30);
  const [discount, demand] = [new Float64Array(items), new Float64Array(items).fill(NaN)];
  const counts = new Int32Array(items);
  for (const row of [...weeks.keys()].sort((a, b) => weeks[a]! - weeks[b]!)) {
    const own = item[row]!;
    first[own] = Math.min(first[own]!, weeks[row]!);
    if (weeksBetween(weeks[row]!, cutoff) >= 8) continue;
    discount[own]! += discounts[row]!;
    counts[own]!++;
    if (uncensored[row] !== 0 && !Number.isNaN(demands[row]!)) demand[own] = demands[row]!;
  }
  return { first, discount: discount.map((sum, own) => sum / counts[own]!), demand };
}

function observedRows(all: Batch): DataRow[] {
  const index = new KeyIndex(SERIES_KEY);
  const series = index.add(all);
  const weeks = all.weeks('week');
  const first = new Map<number, Week>();
  series.forEach((one, row) => first.set(one, Math.min(first.get(one) ?? Infinity, weeks[row]!)));
  const [demand, discount, price] = ['demand', 'discount', 'blackPrice'].map((name) => all.floats(name));
  const uncensored = all.floats('uncensored');
  return Array.from(weeks, (week, row) => ({
    ...{ week, group: articleGroup(index.text(series[row]!, 0)!) },
    ...{ demand: demand![row]!, discount: discount![row]!, blackPrice: price![row]! },
    ...{ censored: uncensored[row] === 0, age: (week - first.get(series[row]!)!) / 7 },
  }));
}
