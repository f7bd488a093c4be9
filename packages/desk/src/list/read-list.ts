import { addWeeks, collect, parseWeek, valueAt, weeksAhead, type Batch } from '@hemline/core';
import { decisions } from '@hemline/hemline';
import { SUMMARY_FILE, type PricingSummary } from '@hemline/pricing/job';
import type { Dataset } from '@hemline/runtime';
import { openParquetFile, openStore } from '@hemline/stores';
import { ListColumns, LIST_COLUMNS } from './list-columns.ts';
import { NameBook } from './name-book.ts';
import type { PriceList } from './price-list.ts';
import { startingStock, weeksOfCover } from './starting-stock.ts';

/** Tables of articles of an output of pricing, which may be in several files. */
const ARTICLES = /^articles\b/;

/** A list, and what was read beside it. */
export interface ReadList {
  readonly list: PriceList;
  readonly summary: PricingSummary;
  /** `market` and attributes. */
  readonly markets: Batch;
}

/** How reading is told. */
export interface ReadListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rows of recommendations that are read, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads what a run recommends, batch by batch, into columns.
 * @param priced the run
 * @param dataset that was priced
 * @param options who is told
 * @returns the list
 */
export async function readList(
  priced: decisions.PricedRun,
  dataset: Dataset,
  { signal, onProgress }: ReadListOptions = {},
): Promise<ReadList> {
  const summary = await readSummary(priced.place);
  const weeks = weeksAhead(parseWeek(summary.cutoff), summary.weeks);
  const markets = await collect(dataset.tables.get('markets'), { signal });
  const marketNames = new NameBook();
  const names = markets.strings('market');
  for (let row = 0; row < markets.length; row++) marketNames.codeAt(names, row);
  const columns = new ListColumns(weeks, marketNames);
  const total = priced.manifest.files.reduce(
    (sum, { partition, rows }) => sum + (/^recommendations\b/.test(partition) ? rows : 0),
    0,
  );
  let done = 0;
  for await (const batch of decisions.recommendedRows(priced, LIST_COLUMNS)) {
    signal?.throwIfAborted();
    columns.add(batch);
    onProgress?.((done += batch.length), total);
  }
  const own = columns.finish();
  const attributes = await readAttributes(dataset, columns.articles, signal);
  const base = { ...own, weeks, articles: columns.articles, markets: marketNames, reasons: columns.reasons };
  const stock = await startingStock(dataset.tables.get('weekly'), base);
  const cover = weeksOfCover({ ...base, stock }, poolsOf(markets));
  const gain = await gainsOf(priced, base);
  const list: PriceList = {
    ...{ ...base, ...attributes, stock, cover, gain },
    support: Float32Array.from(own.support),
  };
  return { list, summary, markets };
}

async function readSummary(place: string): Promise<PricingSummary> {
  const bytes = await (await openStore(place)).read(SUMMARY_FILE);
  return JSON.parse(new TextDecoder().decode(bytes!)) as PricingSummary;
}

async function readAttributes(
  dataset: Dataset,
  articles: NameBook,
  signal: AbortSignal | undefined,
): Promise<Pick<PriceList, 'groups' | 'seasons' | 'groupOf' | 'seasonOf'>> {
  const [groups, seasons] = [new NameBook(), new NameBook()];
  const groupOf = new Int32Array(articles.texts.length).fill(-1);
  const seasonOf = groupOf.slice();
  const table = dataset.tables.find('articles');
  if (table !== undefined) {
    const has = (name: string): boolean => table.schema.fields.some((field) => field.name === name);
    const columns = ['article', ...['group', 'season'].filter(has)];
    for await (const batch of table.batches({ columns, signal })) {
      const names = batch.strings('article');
      for (let row = 0; row < batch.length; row++) {
        const a = articles.codeOf(names.dictionary[names.values[row]!]!);
        if (a === undefined) continue;
        if (batch.has('group')) groupOf[a] = groups.codeAt(batch.strings('group'), row);
        if (batch.has('season')) seasonOf[a] = seasons.codeAt(batch.strings('season'), row);
      }
    }
  }
  return { groups, seasons, groupOf, seasonOf };
}

function poolsOf(markets: Batch): Int32Array {
  const pools = new NameBook();
  return Int32Array.from({ length: markets.length }, (_, row) => {
    const value = markets.has('pool') ? valueAt(markets.column('pool'), row) : null;
    return value === null ? -1 : pools.add(String(value));
  });
}

/**
 * What rows gain. The gain of an article counts what is left of it as well, which no market has by itself: it is shared out by the
 * units that each sells more than if held, at one worth of a unit; where these nearly cancel out, by the units sold.
 */
async function gainsOf(
  { place, manifest }: decisions.PricedRun,
  list: Pick<
    PriceList,
    'rows' | 'articles' | 'article' | 'markets' | 'rowOf' | 'profit' | 'heldProfit' | 'units'
  > & {
    readonly heldUnits: Float64Array;
  },
): Promise<Float64Array> {
  const { rows, articles, markets, rowOf, profit, heldProfit, units, heldUnits } = list;
  const count = markets.texts.length;
  const gain = Float64Array.from({ length: rows }, (_, row) => profit[row]! - heldProfit[row]!);
  for (const { partition, file } of manifest.files) {
    if (!ARTICLES.test(partition)) continue;
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    for await (const batch of parquet.batches({ columns: ['article', 'gain'] })) {
      const names = batch.strings('article');
      const gains = batch.floats('gain');
      for (let i = 0; i < batch.length; i++) {
        const a = articles.codeOf(names.dictionary[names.values[i]!]!);
        if (a === undefined || Number.isNaN(gains[i]!)) continue;
        let [sold, more, apart, rest] = [0, 0, 0, gains[i]!];
        for (let m = 0; m < count; m++) {
          const row = rowOf[a * count + m]!;
          if (row === -1) continue;
          sold += units[row]!;
          more += heldUnits[row]! - units[row]!;
          apart += Math.abs(heldUnits[row]! - units[row]!);
          rest -= gain[row]!;
        }
        const isMore = Math.abs(more) > 0.01 * apart;
        if (!isMore && sold === 0) continue;
        for (let m = 0; m < count; m++) {
          const row = rowOf[a * count + m]!;
          if (row === -1) continue;
          gain[row]! += rest * (isMore ? (heldUnits[row]! - units[row]!) / more : units[row]! / sold);
        }
      }
    }
  }
  return gain;
}

/**
 * @param list with weeks
 * @returns the last week that was known when it was priced
 */
export function cutoffOf({ weeks }: Pick<PriceList, 'weeks'>): number {
  return addWeeks(weeks[0]!, -1);
}
