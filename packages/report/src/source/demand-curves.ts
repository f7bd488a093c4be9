import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Batch, KeyIndex, isValid, stringsToColumn } from '@hemline/core';
import { openDataset, openParquet, readManifest, type ParquetFile } from '@hemline/runtime';

/** A week of an article in a market, as it was. */
export interface HistoryWeek {
  readonly week: number;
  /** Units; null where it is not known, as in planned weeks. */
  readonly demand: number | null;
  /** Sold out before its end: demand may have been higher. */
  readonly isCensored: boolean;
  /** Given or planned; null where it is not known. */
  readonly discount: number | null;
}

/** A forecast at a discount. */
export interface ForecastPoint {
  readonly week: number;
  readonly discount: number;
  readonly demand: number;
  /** Quantiles; null of a model without. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Expected demand of the simulated market, by discount. */
export interface TruthWeek {
  readonly week: number;
  readonly byDiscount: ReadonlyMap<number, number>;
}

/** All that is known of one article in one market. */
export interface ArticleCurves {
  readonly article: string;
  readonly market: string;
  /** Why it was chosen. */
  readonly why: string;
  readonly history: readonly HistoryWeek[];
  readonly forecasts: readonly { readonly model: string; readonly points: readonly ForecastPoint[] }[];
  /** Null where the data is not simulated. */
  readonly truth: readonly TruthWeek[] | null;
}

/** Rows of the first partition's file that articles are chosen from: enough for variety, however large the forecast. */
const MOST_ROWS = 300_000;

/**
 * Reads curves of a few articles: chosen from the first rows of the first partition, then only their own rows.
 * @param forecasts folders of demand forecasts, the one with most to show first
 * @param dataset folder and descriptor; null: it is not at hand
 * @returns the articles; none when the forecasts are empty
 */
export async function readDemandCurves(
  forecasts: readonly { readonly model: string; readonly directory: string }[],
  dataset: { readonly directory: string; readonly descriptor: string | null } | null,
): Promise<ArticleCurves[]> {
  const first = forecasts[0];
  if (first === undefined) return [];
  const { files } = await readManifest(first.directory);
  const file = files.find(({ rows }) => rows > 0);
  if (file === undefined) return [];
  const candidates = await findCandidates(await openParquet(join(first.directory, file.file)));
  const history = dataset === null ? null : await readHistory(dataset, file.partition, candidates);
  const chosen = chooseArticles(candidates, history);
  return Promise.all(
    chosen.map(async ({ candidate: item, why }) => ({
      ...{ article: item.article, market: item.market, why, history: history?.get(item) ?? [] },
      forecasts: await Promise.all(
        forecasts.map(async ({ model, directory }) => ({
          model,
          points: await readForecast(directory, file.partition, item),
        })),
      ),
      truth: dataset === null ? null : await readTruth(dataset.directory, item),
    })),
  );
}

type Item = Pick<ArticleCurves, 'article' | 'market'>;

/** An article that may be shown. */
interface Candidate extends Item {
  /** Units forecast over all weeks and discounts: by it articles are ordered. */
  readonly demand: number;
  /** Observations behind the forecast. */
  readonly support: number;
}

/** Candidates of each kind. */
const CANDIDATES = 40;

/** Candidates of every kind among the first rows of a file: large, middling, hardly known, new. */
async function findCandidates(file: ParquetFile): Promise<Candidate[]> {
  const index = new KeyIndex(['article', 'market']);
  const demand: number[] = [];
  const support: number[] = [];
  let rows = 0;
  for await (const batch of file.batches({ columns: ['article', 'market', 'demand', 'support'] })) {
    const [units, known] = [batch.floats('demand'), batch.floats('support')];
    index.add(batch).forEach((item, row) => {
      demand[item] = (demand[item] ?? 0) + units[row]!;
      support[item] = known[row]!;
    });
    rows += batch.length;
    if (rows >= MOST_ROWS) break;
  }
  const all = demand
    .map((units, item): Candidate => {
      const [article, market] = [index.text(item, 0)!, index.text(item, 1)!];
      return { article, market, demand: units, support: support[item]! };
    })
    .sort((a, b) => b.demand - a.demand);
  const known = all.filter((each) => each.support > 0);
  const middle = Math.max(0, Math.floor((known.length - CANDIDATES) / 2));
  return [
    ...new Set([
      ...known.slice(0, CANDIDATES),
      ...known.slice(middle, middle + CANDIDATES),
      ...known.toSorted((a, b) => a.support - b.support).slice(0, CANDIDATES),
      ...all.filter((each) => each.support === 0).slice(0, CANDIDATES),
    ]),
  ];
}

/** The one that sells most, one in the middle, one that is hardly known, one that is new: of each kind one that is planned. */
function chooseArticles(
  candidates: readonly Candidate[],
  history: ReadonlyMap<Item, readonly HistoryWeek[]> | null,
): { candidate: Candidate; why: string }[] {
  const isPlanned = (each: Candidate): boolean => history?.get(each)?.at(-1)?.demand === null;
  const planned = candidates.filter(isPlanned);
  const from = (planned.length === 0 ? candidates : planned).toSorted((a, b) => b.demand - a.demand);
  const known = from.filter((each) => each.support > 0);
  const wanted: [string, Candidate | undefined][] = [
    ['sells most', known[0]],
    ['in the middle', known[Math.floor(known.length / 2)]],
    ['fewest observations behind it', known.toSorted((a, b) => a.support - b.support)[0]],
    ['cold start: never observed', from.find((each) => each.support === 0)],
  ];
  const taken = new Set<Candidate>();
  return wanted.flatMap(([why, candidate]) => {
    if (candidate === undefined || taken.has(candidate)) return [];
    taken.add(candidate);
    return [{ candidate, why }];
  });
}

async function readForecast(directory: string, partition: string, item: Item): Promise<ForecastPoint[]> {
  const { files } = await readManifest(directory);
  const points: ForecastPoint[] = [];
  for (const { file } of files.filter((each) => each.partition === partition)) {
    const parquet = await openParquet(join(directory, file));
    const names = new Set(parquet.schema.fields.map(({ name }) => name));
    // A forecast of curves has coefficients in the place of discounts.
    if (!names.has('discount')) return [];
    const quantiles = ['demand_low', 'demand_high'].filter((name) => names.has(name));
    const columns = ['week', 'discount', 'demand', ...quantiles];
    for await (const batch of parquet.batches({ columns, where: whereItem(item) })) {
      const [weeks, discount, demand] = [
        batch.weeks('week'),
        batch.floats('discount'),
        batch.floats('demand'),
      ];
      const [low, high] = quantiles.length === 2 ? quantiles.map((name) => batch.floats(name)) : [null, null];
      for (let row = 0; row < batch.length; row++)
        points.push({
          ...{ week: weeks[row]!, discount: discount[row]!, demand: demand[row]! },
          ...{ low: low?.[row] ?? null, high: high?.[row] ?? null },
        });
    }
  }
  return points;
}

function whereItem({ article, market }: Item): { column: string; from: string; to: string }[] {
  return [
    { column: 'article', from: article, to: article },
    { column: 'market', from: market, to: market },
  ];
}

/** One scan of the partition: columns of a few items out of a batch at a time. */
async function readHistory<T extends Item>(
  { directory, descriptor }: { directory: string; descriptor: string | null },
  partition: string,
  items: readonly T[],
): Promise<Map<Item, HistoryWeek[]>> {
  const dataset = await openDataset(directory, descriptor === null ? {} : { descriptor });
  const weekly = dataset.partitions.find(({ name }) => name === partition)?.weekly;
  const history = new Map<Item, HistoryWeek[]>(items.map((item) => [item, []]));
  if (weekly === undefined) return history;
  const optional = ['discount', 'uncensored'].filter((name) =>
    weekly.schema.fields.some((field) => field.name === name),
  );
  const index = new KeyIndex(['article', 'market']);
  // Numbers follow the order of the items, each of which is there once.
  index.add(
    new Batch({
      article: stringsToColumn(items.map(({ article }) => article)),
      market: stringsToColumn(items.map(({ market }) => market)),
    }),
  );
  const columns = ['article', 'market', 'week', 'demand', ...optional];
  for await (const batch of weekly.batches({ columns })) {
    const [weeks, demand] = [batch.weeks('week'), batch.floats('demand')];
    const discount = batch.has('discount') ? batch.floats('discount') : null;
    index.find(batch).forEach((item, row) => {
      if (item === -1) return;
      history.get(items[item]!)!.push({
        week: weeks[row]!,
        demand: numberOr(demand[row]),
        isCensored: isFalse(batch, row),
        discount: numberOr(discount?.[row]),
      });
    });
  }
  for (const each of history.values()) each.sort((a, b) => a.week - b.week);
  return history;
}

function numberOr(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function isFalse(batch: Batch, row: number): boolean {
  if (!batch.has('uncensored')) return false;
  const column = batch.numbers('uncensored');
  return isValid(column, row) && column.values[row] === 0;
}

/** The simulator writes the truth beside what it lets be observed. */
async function readTruth(directory: string, { article, market }: Item): Promise<TruthWeek[] | null> {
  const folder = join(dirname(directory), 'truth', 'demand', `market=${market}`);
  if (!existsSync(join(dirname(directory), 'simulation.json')) || !existsSync(folder)) return null;
  const weeks: TruthWeek[] = [];
  for (const name of readdirSync(folder).sort()) {
    const parquet = await openParquet(join(folder, name));
    const levels = parquet.schema.fields.flatMap(({ name: column }) => {
      const percent = /^demand_at_([\d.]+)$/.exec(column)?.[1];
      return percent === undefined ? [] : [{ column, discount: Number(percent) / 100 }];
    });
    const columns = ['week', ...levels.map(({ column }) => column)];
    const where = [{ column: 'article', from: article, to: article }];
    for await (const batch of parquet.batches({ columns, where })) {
      const at = batch.weeks('week');
      const demand = levels.map(({ column }) => batch.floats(column));
      for (let row = 0; row < batch.length; row++)
        weeks.push({
          week: at[row]!,
          byDiscount: new Map(levels.map(({ discount }, level) => [discount, demand[level]![row]!])),
        });
    }
  }
  return weeks.sort((a, b) => a.week - b.week);
}
