import { DataError, formatWeek, listing } from '@hemline/core';
import { keyDate, MISSING_KEY } from './key-column.ts';
import type { TableFile } from './table-files.ts';

/** What is used of DuckDB's connection. */
export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
  closeSync(): void;
}

/** Names on disk of the columns that say where a row belongs. */
export interface RowKeys {
  readonly article: string;
  readonly market: string;
  readonly week: string;
}

/** The rows of one market, wherever they lie. */
export interface MarketRows {
  readonly name: string;
  readonly rows: number;
  /** SQL that gives them, without the market. */
  readonly select: string;
}

/** Column with the path of a row's file; in no data. */
const FILE = '"own file of the row"';

/**
 * Finds the rows of each market of a weekly table in DuckDB. Keys of folders are text, as everywhere here, but for the week, which is
 * a date: DuckDB itself would take `01` for text and `1` for a number until another folder is called `x`, and `NULL` for missing.
 * A column of the files wins over a key of its name.
 * @param connection to DuckDB
 * @param files of the table
 * @param keys names of the columns
 * @returns the markets in order
 * @throws DataError when a row has no market, folders have other keys than others, or the name of a week is no date
 */
export async function marketRows(
  connection: Connection,
  files: readonly TableFile[],
  keys: RowKeys,
): Promise<MarketRows[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${scan(files)}`);
  const stored = new Set(described.getRows().map(([name]) => name as string));
  const inFolders = keysOfFolders(files).filter((key) => !stored.has(key));
  const isFolder = inFolders.includes(keys.market);
  const added = inFolders.filter((key) => key !== keys.market);
  if (added.length > 0) await nameFolders(connection, files, added, keys.week);
  const rowsOf = (some: readonly TableFile[]): string => withKeys(some, added);
  const markets = isFolder
    ? [...Map.groupBy(files, (file) => file.keys[keys.market]!)].sort(([a], [b]) => (a < b ? -1 : 1))
    : [];
  if (markets.some(([name]) => name === MISSING_KEY)) throw missingMarket(keys.market);
  const market = quoted(keys.market);
  const found: MarketRows[] = [];
  for (const [name, some] of markets) {
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${scan(some)}`);
    found.push({ name, rows: Number(counted.getRows()[0]![0]), select: `SELECT * FROM (${rowsOf(some)})` });
  }
  if (isFolder) return found;
  const counted = await connection.runAndReadAll(
    `SELECT ${market}::VARCHAR, count(*) FROM (${rowsOf(files)}) GROUP BY 1 ORDER BY 1`,
  );
  return (counted.getRows() as [string | null, bigint][]).map(([name, count]) => {
    if (name === null) throw missingMarket(keys.market);
    return {
      name,
      rows: Number(count),
      select: `SELECT * EXCLUDE (${market}) FROM (${rowsOf(files)}) WHERE ${market}::VARCHAR = ${text(name)}`,
    };
  });
}

function scan(files: readonly TableFile[], filename = ''): string {
  return `read_parquet([${files.map(({ path }) => text(path)).join(', ')}], hive_partitioning = false${filename})`;
}

/** Rows, and the keys that only their folders tell. */
function withKeys(files: readonly TableFile[], added: readonly string[]): string {
  if (added.length === 0) return `SELECT * FROM ${scan(files)}`;
  return (
    `SELECT "rows".* EXCLUDE (${FILE}), "keys".* EXCLUDE (${FILE}) ` +
    `FROM ${scan(files, `, filename = ${text(FILE.slice(1, -1))}`)} AS "rows" ` +
    `JOIN "keys of the folders" AS "keys" ON "rows".${FILE} = "keys".${FILE}`
  );
}

function keysOfFolders(files: readonly TableFile[]): string[] {
  const [first, ...others] = files.map((file) => ({ file, keys: Object.keys(file.keys) }));
  for (const { file, keys } of others)
    if (keys.join() !== first!.keys.join())
      throw new DataError('files of a table lie in folders of different keys', {
        expected: `${listing(first!.keys, 5) || 'none'}, as of ${first!.file.name}`,
        found: listing(keys, 5) || 'none',
        where: { file: file.path },
        remedy: 'Bring all files into folders of the same keys.',
      });
  return first!.keys;
}

async function nameFolders(
  connection: Connection,
  files: readonly TableFile[],
  keys: readonly string[],
  week: string,
): Promise<void> {
  const columns = keys.map((key) => `${quoted(key)} ${key === week ? 'DATE' : 'VARCHAR'}`).join(', ');
  await connection.run(`CREATE TABLE "keys of the folders" (${FILE} VARCHAR, ${columns})`);
  const rows = files.map((file) => {
    const values = keys.map((key) => (key === week ? weekOf(file, key) : valueOf(file.keys[key]!)));
    return `(${[text(file.path), ...values].join(', ')})`;
  });
  await connection.run(`INSERT INTO "keys of the folders" VALUES ${rows.join(', ')}`);
}

function valueOf(value: string): string {
  return value === MISSING_KEY ? 'NULL' : text(value);
}

function weekOf({ keys, path }: TableFile, key: string): string {
  const day = keyDate(keys[key]!, { table: 'weekly', file: path, column: key });
  return `DATE ${text(formatWeek(day))}`;
}

function missingMarket(column: string): DataError {
  return new DataError('rows of the weekly table have no market', {
    expected: 'a value in every row',
    where: { table: 'weekly', column },
    remedy: 'Fill it, or take the rows out.',
  });
}

/**
 * @param name of a column
 * @returns it as SQL
 */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * @param value any text
 * @returns it as SQL
 */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
