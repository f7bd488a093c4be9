import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, formatWeek, throwIfAborted, type Batch, type ProgressEvent } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { articlesOf, marketsOf } from './attributes.ts';
import { CellKeys } from './cell-keys.ts';
import { readInvoiceLines, type InvoiceLines, LineKind, type LineKindName } from './invoice-lines.ts';
import { matchReturns, type Count } from './match-returns.ts';
import { returnCohorts } from './return-cohorts.ts';
import { stagedFolder } from './staged-folder.ts';
import { weeklySales } from './weekly-sales.ts';

/** What to import, and where to. */
export interface ImportOptions {
  /** Parquet file of invoice lines with the columns of UCI's Online Retail. */
  readonly invoices: string;
  /** Folder of the dataset: new or empty. */
  readonly out: string;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Raised to stop; nothing is left behind then. */
  readonly signal?: AbortSignal;
}

/** What was imported, and what was not. Also written to `import.json` beside the tables, without `out`. */
export interface ImportSummary {
  readonly out: string;
  /** Lines of the file. */
  readonly lines: number;
  /** All lines by what they are; units as in the file, so that those of cancellations are negative. */
  readonly kinds: Readonly<Record<LineKindName, Count>>;
  /** What became of the units of cancellations; a line can be in more than one. */
  readonly returns: {
    /** In the table returns. */
    readonly inTime: Count;
    /** Matched, but more than 14 weeks after the sale's week: left out. */
    readonly late: Count;
    readonly withoutCustomer: Count;
    readonly withoutPurchase: Count;
  };
  /** First and last week with a sale, as YYYY-MM-DD. */
  readonly firstWeek: string;
  readonly lastWeek: string;
  /** Rows of each table; one without rows is not written. */
  readonly rows: Readonly<Record<'weekly' | 'articles' | 'markets' | 'returns', number>>;
}

/** A week without a row is one in which nothing was sold, which the descriptor has no word for. */
const DESCRIPTOR = { name: 'online-retail', tables: { weekly: { missingWeeks: 'unobserved' } } };

/**
 * Turns invoices of an online shop into a dataset: weekly sales, articles, markets and return cohorts. The rules are in
 * this package's README. Holds some 100 bytes per line in memory, and the largest row group while
 * it is read; same invoices, same bytes.
 * @param options file and folder
 * @returns what was imported
 * @throws SchemaError or DataError when the file is not such a file, or has no sale
 * @throws ConfigurationError when something is at `out` already
 * @throws StoreError when the disk does not take it
 * @throws InterruptedError when the signal is raised
 */
export function importOnlineRetail(options: ImportOptions): Promise<ImportSummary> {
  const { invoices, out, onProgress, signal } = options;
  return stagedFolder(out, async (folder) => {
    const lines = await readInvoiceLines(await openParquet(invoices), { signal, onProgress });
    const kinds = countKinds(lines);
    if (kinds.sale.lines === 0) {
      throw new DataError('the file has no sale', {
        expected: 'lines of articles with a positive quantity and price',
        found: `none among ${lines.length} lines`,
        where: { file: invoices },
      });
    }
    throwIfAborted(signal);
    const keys = new CellKeys(lines);
    const weekly = weeklySales(lines, keys);
    throwIfAborted(signal);
    const matches = matchReturns(lines);
    const { batch: returns, inTime, late } = returnCohorts(lines, matches, keys);
    const tables = { weekly, articles: articlesOf(weekly), markets: marketsOf(weekly), returns };
    await writeTables(folder, tables, options);
    const weeks = weekly.weeks('week');
    const summary: Omit<ImportSummary, 'out'> = {
      lines: lines.length,
      kinds,
      returns: {
        inTime,
        late,
        withoutCustomer: matches.withoutCustomer,
        withoutPurchase: matches.withoutPurchase,
      },
      firstWeek: formatWeek(weeks.reduce((first, week) => Math.min(first, week), Infinity)),
      lastWeek: formatWeek(weeks.reduce((last, week) => Math.max(last, week), -Infinity)),
      rows: {
        weekly: weekly.length,
        articles: tables.articles.length,
        markets: tables.markets.length,
        returns: returns.length,
      },
    };
    await writeJson(join(folder, 'dataset.json'), DESCRIPTOR);
    await writeJson(join(folder, 'import.json'), summary);
    return { out, ...summary };
  });
}

async function writeTables(
  folder: string,
  tables: Readonly<Record<string, Batch>>,
  { onProgress, signal }: ImportOptions,
): Promise<void> {
  const entries = Object.entries(tables);
  for (const [done, [name, batch]] of entries.entries()) {
    throwIfAborted(signal);
    // A dataset has no empty table: where nothing came back there is none of returns.
    if (batch.length === 0) continue;
    onProgress?.({ phase: `writing ${name}`, done, total: entries.length, unit: 'tables' });
    await writeParquetFile(join(folder, `${name}.parquet`), [batch]);
  }
  onProgress?.({ phase: 'writing', done: entries.length, total: entries.length, unit: 'tables' });
}

function countKinds({ kind, quantity }: InvoiceLines): Record<LineKindName, Count> {
  const names = Object.keys(LineKind) as LineKindName[];
  const counts = names.map(() => ({ lines: 0, units: 0 }));
  kind.forEach((code, line) => {
    counts[code]!.lines++;
    counts[code]!.units += quantity[line]!;
  });
  return Object.fromEntries(names.map((name) => [name, counts[LineKind[name]]!])) as Record<
    LineKindName,
    Count
  >;
}

function writeJson(file: string, value: unknown): Promise<void> {
  return writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
