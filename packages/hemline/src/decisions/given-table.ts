import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  Batch,
  ConfigurationError,
  DataError,
  int32Column,
  isSystemError,
  listing,
  stringsToColumn,
  systemError,
  type Column,
} from '@hemline/core';
import { openParquetFile } from '@hemline/stores';
import { csvRecords } from './csv-records.ts';

/** Rows of text that are made a batch. */
const BATCH_ROWS = 65_536;

/** Name of the column with the line of a row in its file (of Parquet, its row), from 1. */
export const LINE_COLUMN = 'line';

/** What a file is read as, by how its name ends. */
export const TABLE_FORMATS = ['.csv', '.jsonl', '.parquet'] as const;

/**
 * @param file that is read or written
 * @returns its format
 * @throws ConfigurationError for a name that tells none
 */
export function tableFormat(file: string): (typeof TABLE_FORMATS)[number] {
  const found = TABLE_FORMATS.find((end) => file.toLowerCase().endsWith(end));
  if (found !== undefined) return found;
  throw new ConfigurationError('the format of the file is not known', {
    expected: `a name that ends in ${listing(TABLE_FORMATS)}`,
    found: file,
  });
}

/**
 * Reads a table that somebody has made, some rows at a time: of CSV and JSON lines all columns are text, null where a cell is empty.
 * @param file `.csv`, `.jsonl` or `.parquet`
 * @yields batches, with the column {@link LINE_COLUMN} besides
 * @throws DataError for a file that is none of its format
 */
export async function* givenTable(file: string): AsyncGenerator<Batch> {
  const format = tableFormat(file);
  try {
    if (!(await stat(file)).isFile()) throw notAFile(file);
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'read') : cause;
  }
  if (format === '.csv') yield* textBatches(csvRows(file));
  else if (format === '.jsonl') yield* textBatches(jsonRows(file));
  else yield* parquetBatches(file);
}

interface TextRow {
  readonly line: number;
  /** By column; empty cells are not there. */
  readonly cells: ReadonlyMap<string, string>;
}

async function* textBatches(rows: AsyncIterable<TextRow | readonly string[]>): AsyncGenerator<Batch> {
  const names = new Set<string>();
  let pending: TextRow[] = [];
  const batch = (): Batch => {
    const columns: Record<string, Column> = {
      [LINE_COLUMN]: int32Column(Int32Array.from(pending, ({ line }) => line)),
    };
    for (const name of names)
      columns[name] = stringsToColumn(pending.map(({ cells }) => cells.get(name) ?? null));
    pending = [];
    return new Batch(columns);
  };
  for await (const row of rows) {
    if (!('cells' in row)) {
      for (const name of row) names.add(name);
      continue;
    }
    for (const name of row.cells.keys()) names.add(name);
    if (pending.push(row) === BATCH_ROWS) yield batch();
  }
  if (pending.length > 0 || names.size > 0) yield batch();
}

async function* csvRows(file: string): AsyncGenerator<TextRow | readonly string[]> {
  let names: string[] | null = null;
  for await (const { line, cells } of csvRecords(file)) {
    if (names === null) {
      names = cells.map((name) => name.trim().toLowerCase());
      const twice = names.find((name, i) => names!.indexOf(name) !== i);
      if (twice !== undefined) throw twiceNamed(file, twice);
      yield names;
      continue;
    }
    if (cells.length !== names.length)
      throw new DataError('a line has more or fewer cells than there are columns', {
        ...{ expected: `${names.length}: ${listing(names, 20)}`, found: `${cells.length}` },
        where: { file, line },
      });
    yield { line, cells: withoutEmpty(names.map((name, i) => [name, cells[i]!])) };
  }
}

async function* jsonRows(file: string): AsyncGenerator<TextRow> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    const value = parsed(text, file, line);
    const entries = Object.entries(value).map(([name, each]): [string, string] => {
      if (each !== null && typeof each === 'object')
        throw noRecord(file, line, `an object or a list in ${name}`);
      return [name.toLowerCase(), each === null ? '' : String(each)];
    });
    yield { line, cells: withoutEmpty(entries) };
  }
}

function parsed(text: string, file: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw noRecord(file, line, (cause as Error).message);
  }
  throw noRecord(file, line, text.slice(0, 40));
}

async function* parquetBatches(file: string): AsyncGenerator<Batch> {
  const parquet = await openParquetFile(file);
  let first = 1;
  for await (const batch of parquet.batches()) {
    const line = int32Column(Int32Array.from({ length: batch.length }, (_, row) => first + row));
    first += batch.length;
    yield batch.with({ [LINE_COLUMN]: line });
  }
}

function withoutEmpty(cells: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(cells.flatMap(([name, cell]) => (cell.trim() === '' ? [] : [[name, cell.trim()]])));
}

function noRecord(file: string, line: number, found: string): DataError {
  return new DataError('a line is no record', {
    ...{ expected: 'a JSON object of numbers and text', found, where: { file, line } },
  });
}

function twiceNamed(file: string, column: string): DataError {
  return new DataError('two columns have the same name', { found: column, where: { file, line: 1 } });
}

function notAFile(file: string): ConfigurationError {
  return new ConfigurationError('this is no file', {
    expected: 'a file',
    found: 'a folder',
    where: { file },
  });
}
