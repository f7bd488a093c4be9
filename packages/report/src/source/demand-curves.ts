import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Batch, KeyIndex, isValid, stringsToColumn } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { openParquetFile } from '@hemline/stores';
import type { ChosenArticle } from './choose-articles.ts';
import { readForecast, type ForecastPoint, type Item, type StoredForecasts } from './forecast-points.ts';

/** A week of an article in a market, as it was. */
export interface HistoryWeek {
  readonly week: number;
  /** Units; null where it is not known, as in planned weeks. */
  readonly demand: number | null;
  /** Sold out before its end: demand may have been higher. */
  readonly isCensored: boolean;
  /** Given or planned; null where it is not known. */
  readonly discount: number | null;
  /** Units at its start; null where it is not known. */
  readonly stock: number | null;
}

/** Expected demand of the simulated market, by discount. */
export interface TruthWeek {
  readonly week: number;
  readonly byDiscount: ReadonlyMap<number, number>;
}

/** All that is known of one article in one market. */
export interface ArticleCurves extends Item {
  /** Why it was chosen. */
  readonly why: string;
  readonly history: readonly HistoryWeek[];
  readonly forecasts: readonly { readonly model: string; readonly points: readonly ForecastPoint[] }[];
  /** Null where the data is not simulated. */
  readonly truth: readonly TruthWeek[] | null;
}

/**
 * Reads curves of a few articles: only their own rows, and one scan of their partitions for their history.
 * @param forecasts of demand, the ones with most to show first
 * @param chosen articles
 * @param dataset folder and descriptor; null: it is not at hand
 * @returns the articles, in their order; without points where the forecasts are curves that nobody can evaluate
 */
export async function readDemandCurves(
  forecasts: readonly StoredForecasts[],
  chosen: readonly ChosenArticle[],
  dataset: { readonly directory: string; readonly descriptor: string | null } | null,
): Promise<ArticleCurves[]> {
  const history = new Map<Item, HistoryWeek[]>();
  if (dataset !== null)
    for (const [partition, own] of Map.groupBy(chosen, ({ item }) => item.partition)) {
      const read = await readHistory(
        dataset,
        partition,
        own.map(({ item }) => item),
      );
      for (const [item, weeks] of read) history.set(item, weeks);
    }
  return Promise.all(
    chosen.map(async ({ item, why }) => {
      const weeks = history.get(item) ?? [];
      const planned = weeks.flatMap(({ demand, discount }) =>
        demand === null && discount !== null ? [discount] : [],
      );
      return {
        ...{ article: item.article, market: item.market, why, history: weeks },
        forecasts: await Promise.all(
          forecasts.map(async (each) => ({
            model: each.model,
            points: await readForecast(each, item.partition, item, planned),
          })),
        ),
        truth: dataset === null ? null : await readTruth(dataset.directory, item),
      };
    }),
  );
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
  const optional = ['discount', 'uncensored', 'stock'].filter((name) =>
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
  const [first] = items;
  // Of one article most of a sorted table is passed over.
  const isOne = first !== undefined && items.every(({ article }) => article === first.article);
  const articles = isOne ? { from: first.article, to: first.article } : undefined;
  for await (const batch of weekly.batches({ columns, articles })) {
    const [weeks, demand] = [batch.weeks('week'), batch.floats('demand')];
    const discount = batch.has('discount') ? batch.floats('discount') : null;
    const stock = batch.has('stock') ? batch.floats('stock') : null;
    index.find(batch).forEach((item, row) => {
      if (item === -1) return;
      history.get(items[item]!)!.push({
        week: weeks[row]!,
        demand: numberOr(demand[row]),
        isCensored: isFalse(batch, row),
        discount: numberOr(discount?.[row]),
        stock: numberOr(stock?.[row]),
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
    const parquet = await openParquetFile(join(folder, name));
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
