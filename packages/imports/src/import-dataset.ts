import { access, constants, copyFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ConfigurationError, DataError, type ProgressEvent, type TableName } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { returnsSelect, salesSelect } from './lines/line-select.ts';
import { checkOneCurrency } from './lines/one-currency.ts';
import { readLines, type LineCounts, type LineSource, type LineTable } from './lines/read-lines.ts';
import { SALE, lineKinds } from './lines/reasons.ts';
import { checkRepeatedFiles, checkRepeats } from './lines/repeated-lines.ts';
import { writeRejects } from './lines/write-rejects.ts';
import type { ImportMap, SectionName } from './map/import-map.ts';
import type { FileGroup } from './source/file-group.ts';
import { findGroups } from './source/find-groups.ts';
import { Staging } from './source/staged-files.ts';
import { Database, isTimeZone } from './sql/database.ts';
import { literal } from './sql/quote.ts';
import { stagedFolder } from './staged-folder.ts';
import { attributeRows, attributesSelect } from './tables/attributes.ts';
import { descriptorOf } from './tables/descriptor.ts';
import { priceByList, pricesSelect } from './tables/price-list.ts';
import { matchReturns, type ReturnCounts } from './tables/returns.ts';
import { addStock, stockSelect } from './tables/stock.ts';
import { SUM_TABLES, sumRows, sumsSelect } from './tables/week-sums.ts';
import { blackPriceSource, priceWeeks, sumWeeks, type BlackPriceSource } from './tables/weekly.ts';
import { writeTable, writeWeekly } from './tables/write-tables.ts';

/** Memory before work goes to disk. */
const MEMORY_MIB = 2048;
/** Rows of a weekly table that is one file. */
const ROWS_PER_FILE = 5_000_000;

/** What to import, and where to. */
export interface ImportOptions {
  /** File, folder or glob, on this machine or `s3://…`; files of the map are below it. */
  readonly source: string;
  /** Which column is what. */
  readonly map: ImportMap;
  /** Folder of the dataset: new or empty. */
  readonly out: string;
  /** File for the lines that are left out: CSV, Parquet or JSON lines, by its name. */
  readonly rejects?: string;
  /** Memory before work goes to disk, 2048 by default. */
  readonly memoryMib?: number;
  /** A weekly table of more rows is written by market; 5,000,000 by default. */
  readonly rowsPerFile?: number;
  /** Threads; as many as there are cores by default. */
  readonly threads?: number;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Raised to stop; nothing is left behind then. */
  readonly signal?: AbortSignal;
}

/** What was imported, and what was not. Also in `import.json` beside the tables, without `out`. */
export interface ImportSummary {
  readonly out: string;
  /** Files that were read. */
  readonly files: number;
  /** Files of folders that are none of those that can be read. */
  readonly passedOver: readonly string[];
  /** Lines of sales, and of returns that have files of their own. */
  readonly lines: LineCounts;
  /** Lines of the other sections that have files. */
  readonly prices?: LineCounts;
  readonly stock?: LineCounts;
  readonly sizes?: LineCounts;
  readonly fulfillment?: LineCounts;
  readonly clearance?: LineCounts;
  readonly articles?: LineCounts;
  readonly markets?: LineCounts;
  /** What became of units that came back; null where the map says nothing of returns. */
  readonly returns: ReturnCounts | null;
  readonly blackPrice: BlackPriceSource;
  /** Rows of `weekly` that are not as their lines say, or lack something. */
  readonly weeks: {
    readonly first: string;
    readonly last: string;
    /** Last day with a sale: a last week that is not over looks like a fall in demand. */
    readonly lastDay: string;
    /** Sold above the black price: their discount is 0. */
    readonly aboveBlackPrice: number;
    /** Without black price, so that they have no discount. */
    readonly withoutBlackPrice: number;
    /** Nothing was sold in them though there was stock; without snapshots such weeks have no row. */
    readonly stockWithoutSale: number;
  };
  /** Articles and markets that are sold and have no line in their file. */
  readonly withoutAttributes: Readonly<Record<string, number>>;
  /** Rows of each table; one without rows is not written. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Turns transaction lines or daily tables into a checked dataset, through DuckDB: what memory does not hold goes to disk. The
 * folder appears whole or not at all; equal files give equal tables.
 * @param options source, map and folder
 * @returns what was imported, and what was left out
 * @throws ConfigurationError when something is at `out`, or map and source do not fit together
 * @throws SchemaError when a column is missing or of a wrong type
 * @throws DataError for the first value that cannot be read, or data that make no dataset
 * @throws InterruptedError when the signal is raised
 */
export async function importDataset(options: ImportOptions): Promise<ImportSummary> {
  const { map, out, rejects, memoryMib = MEMORY_MIB, threads = availableParallelism() } = options;
  if (map.timeZone !== undefined && !isTimeZone(map.timeZone)) {
    throw new ConfigurationError('there is no such time zone', {
      expected: 'a name such as Europe/Berlin',
      found: map.timeZone,
      remedy: 'Correct timeZone in the map.',
    });
  }
  // Before hours of work, not after them.
  if (rejects !== undefined) await access(dirname(resolve(rejects)), constants.W_OK);
  return stagedFolder(out, async (folder, scratch) => {
    const { onProgress, signal } = options;
    const database = await Database.open(scratch, { memoryMib, threads, onProgress, signal });
    try {
      const summary = await importInto(database, options, folder, join(scratch, 'source'));
      if (rejects !== undefined) {
        const written = join(scratch, `rejects${extname(rejects)}`);
        await writeRejects(database, summary.tables, written);
        await copyFile(written, rejects);
      }
      const { tables: _tables, ...told } = summary;
      return told;
    } finally {
      database.close();
    }
  });
}

/** Everything but the folder's appearance. */
async function importInto(
  database: Database,
  options: ImportOptions,
  folder: string,
  scratch: string,
): Promise<ImportSummary & { readonly tables: readonly LineTable[] }> {
  const { source, map, out, rowsPerFile = ROWS_PER_FILE } = options;
  const { onProgress, signal } = options;
  const found = await findGroups(database, source, map, new Staging(scratch, { onProgress, signal }));
  const rules = map.sales.leaveOut.map(({ reason }) => reason);
  const leavesOut = map.badValues === 'leaveOut';
  const tables: LineTable[] = [];
  const counts: Partial<Record<SectionName, LineCounts>> = {};
  const read = async (section: SectionName, name: string, sources: readonly LineSource[]): Promise<void> => {
    const kinds = lineKinds(name === 'lines' ? rules : []);
    const isOfSeveral = sources.some(({ group }, i) => i > 0 || group.paths.length > 1);
    // Of attributes a key may have one line in all: they are checked by it.
    const keepsFile = isOfSeveral && !ATTRIBUTES.some((each) => each === name);
    const table = { name, sources, kinds, leavesOut, keepsFile };
    counts[section] = await readLines(database, table);
    tables.push(table);
    if (keepsFile && name !== 'lines') await checkRepeatedFiles(database, section, name);
  };
  const of = (section: SectionName, select: (group: FileGroup) => LineSource['select']): LineSource[] =>
    (found.groups.get(section) ?? []).map((group) => ({ section, group, select: select(group) }));
  await read('sales', 'lines', [
    ...of('sales', (group) => salesSelect(map, group)),
    ...of('returns', (group) => returnsSelect(map, group)),
  ]);
  if (map.prices !== undefined)
    await read(
      'prices',
      'prices',
      of('prices', (group) => pricesSelect(map, group)),
    );
  if (map.stock !== undefined)
    await read(
      'stock',
      'snapshots',
      of('stock', (group) => stockSelect(map, group)),
    );
  const summed = SUM_TABLES.filter((table) => map[table] !== undefined);
  for (const table of summed)
    await read(
      table,
      linesOf(table),
      of(table, (group) => sumsSelect(map, table, group)),
    );
  for (const table of ATTRIBUTES)
    if (map[table]?.files !== undefined)
      await read(
        table,
        table,
        of(table, (group) => attributesSelect(map, table, group)),
      );
  await checkRepeats(database, map, tables[0]!.keepsFile === true);
  await checkOneCurrency(database, map, tables[0]!.sources);
  const { sales, ...others } = counts as Record<SectionName, LineCounts>;
  if (sales.used.lines === 0) throw noSale(source, sales);
  await sumWeeks(database, map);
  const stockWithoutSale = map.stock === undefined ? 0 : await addStock(database, map);
  if (map.prices !== undefined) await priceByList(database, map);
  const columns = await priceWeeks(database, map);
  const rows: Record<string, number> = { weekly: await writeWeekly(database, columns, folder, rowsPerFile) };
  const withoutAttributes: Record<string, number> = {};
  for (const table of ATTRIBUTES) {
    const { unknown, select } = await attributeRows(database, map, table, ['cells', ...summed.map(linesOf)]);
    rows[table] = await writeSmall(database, select, join(folder, `${table}.parquet`));
    if (map[table]?.files !== undefined) withoutAttributes[table] = unknown;
  }
  for (const table of summed)
    rows[table] = await writeSmall(
      database,
      await sumRows(database, map, table, linesOf(table)),
      join(folder, `${table}.parquet`),
    );
  const name = map.name ?? basename(resolve(out));
  await writeJson(join(folder, 'dataset.json'), descriptorOf(map, name));
  // One thread checks what is written while DuckDB works on.
  const [returns] = await Promise.all([
    map.returns === undefined ? null : writeReturns(database, map, folder),
    check(folder, ['weekly', ...ATTRIBUTES, ...summed.filter((table) => rows[table]! > 0)], options),
  ]);
  if (returns !== null) rows['returns'] = returns.rows;
  if (rows['returns']) await check(folder, ['returns'], options);
  const summary = {
    files: found.files,
    passedOver: found.passedOver,
    lines: sales,
    ...others,
    returns: returns?.counts ?? null,
    blackPrice: blackPriceSource(map),
    weeks: { ...(await weekFacts(database, folder)), stockWithoutSale },
    withoutAttributes,
    rows,
  };
  await writeJson(join(folder, 'import.json'), summary);
  return { out, ...summary, tables };
}

/** The table of a section's lines. */
function linesOf(section: string): string {
  return `${section}_lines`;
}

/** Where an article or a market lies in no file of attributes, it is known from sales. */
const ATTRIBUTES = ['articles', 'markets'] as const;

async function writeReturns(
  database: Database,
  map: ImportMap,
  folder: string,
): Promise<{ readonly counts: ReturnCounts; readonly rows: number }> {
  const counts = await matchReturns(database, map);
  const select = 'SELECT article, market, sale_week, return_week, units FROM cohorts ORDER BY ALL';
  return { counts, rows: await writeSmall(database, select, join(folder, 'returns.parquet')) };
}

async function check(
  folder: string,
  tables: readonly TableName[],
  { signal, onProgress }: ImportOptions,
): Promise<void> {
  const phase = `checking ${tables[0]!}`;
  onProgress?.({ phase, done: 0, total: 1, unit: 'tables' });
  await (await openDataset(folder)).validate({ tables, signal });
  onProgress?.({ phase, done: 1, total: 1, unit: 'tables' });
}

/** A dataset has no empty table: where nothing came back there is none of returns. */
async function writeSmall(database: Database, select: string, file: string): Promise<number> {
  const [[rows]] = (await database.rows(`SELECT count(*) FROM (${select})`)) as [[bigint]];
  if (rows > 0n) await writeTable(database, select, file, `writing ${basename(file)}`);
  return Number(rows);
}

/** Read back, since prices are worked out while they are written. */
async function weekFacts(
  database: Database,
  folder: string,
): Promise<Omit<ImportSummary['weeks'], 'stockWithoutSale'>> {
  const isFile = (await stat(join(folder, 'weekly.parquet')).catch(() => null)) !== null;
  const weekly = join(folder, isFile ? 'weekly.parquet' : 'weekly/*/*.parquet');
  const [row] = await database.rows(
    `SELECT CAST(min(week) AS VARCHAR), CAST(max(week) AS VARCHAR),
       (SELECT CAST(CAST(max(moment) AS DATE) AS VARCHAR) FROM lines WHERE kind = ${SALE}),
       count(*) FILTER (sales_price > black_price), count(*) FILTER (black_price IS NULL)
     FROM read_parquet(${literal(weekly)}, hive_partitioning = false)`,
  );
  const [first, last, lastDay, above, without] = row as [string, string, string, bigint, bigint];
  return { first, last, lastDay, aboveBlackPrice: Number(above), withoutBlackPrice: Number(without) };
}

function noSale(source: string, { read, leftOut }: LineCounts): DataError {
  const reasons = Object.entries(leftOut).map(([reason, { lines }]) => `${reason} ${lines}`);
  return new DataError('there is no sale in the source', {
    expected: 'lines of articles with units and a price',
    found: `none among ${read.toLocaleString('en')} lines${reasons.length === 0 ? '' : `; left out: ${reasons.join(', ')}`}`,
    where: { file: source },
    remedy: 'Check the columns of the map, and its rules in sales.leaveOut.',
  });
}

function writeJson(file: string, value: unknown): Promise<void> {
  return writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
