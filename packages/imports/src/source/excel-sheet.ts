import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { ConfigurationError, DataError, UnsupportedError, listing, nearest } from '@hemline/core';
import type { TextFormat } from '../map/import-map.ts';

/** A larger workbook would not fit into memory: it is held there as a whole. */
const LARGEST_MIB = 200;
/** Rows that are written at a time. */
const WRITTEN_AT_A_TIME = 10_000;
const DAY_MS = 86_400_000;
/** Day 0 of the two calendars that workbooks count days by. */
const DAY_0 = { since1900: Date.UTC(1899, 11, 30), since1904: Date.UTC(1904, 0, 1) };
/** Numbers that are shown with zeros before them: 42 in the format 00000. */
const PADDED = /^0{2,}$/;

/** A sheet as CSV: every column of numbers or dates has its type, text is as it stands in the cells. */
export interface WrittenSheet {
  /** Lines of the file above the header. Each row of the sheet is one row of the file, so that they count alike. */
  readonly skip: number;
  /** Types in DuckDB, by position. */
  readonly types: readonly string[];
}

/** What is used of a cell. */
interface Cell {
  /** `n` number, `s` text, `b` flag, `e` error, `z` empty. */
  readonly t: string;
  readonly v?: unknown;
  readonly w?: string;
  /** Format of numbers. */
  readonly z?: string | number;
}

type Rows = readonly (readonly (Cell | undefined)[] | undefined | null)[];
type Xlsx = typeof import('xlsx');

/** What a cell says, and what it is. */
interface Value {
  readonly text: string;
  readonly kind: 'number' | 'date' | 'text';
}

/**
 * Writes the cells of a workbook's sheet as CSV, with the comma between columns. Dates are ISO; formulas are what they came to when the
 * workbook was saved.
 * @param file the workbook
 * @param target to write
 * @param format which sheet, lines above the header, and how numbers are written in columns of text
 * @param name of the file, as people know it
 * @returns what the file is like
 * @throws ConfigurationError where the map does not say which of several sheets is meant
 * @throws DataError when it is no workbook, or has no rows
 * @throws UnsupportedError when it is too large
 */
export async function writeSheet(
  file: string,
  target: string,
  format: TextFormat,
  name: string,
): Promise<WrittenSheet> {
  const { size } = await stat(file);
  if (size > LARGEST_MIB * 2 ** 20)
    throw new UnsupportedError('a workbook is too large', {
      expected: `at most ${LARGEST_MIB} MiB, since all of it is held in memory`,
      found: `${Math.ceil(size / 2 ** 20)} MiB`,
      where: { file: name },
      remedy: 'Save the sheet as CSV or Parquet.',
    });
  const xlsx = await import('xlsx');
  const { rows, since1904 } = await readRows(xlsx, file, format, name);
  const isDate = (z: unknown): boolean => typeof z === 'string' && xlsx.SSF.is_date(z);
  const read = (cell: Cell | undefined): Value | null => valueOf(cell, isDate, since1904);
  const isEmpty = (row: Rows[number]): boolean => row?.every((cell) => read(cell) === null) ?? true;
  let header = format.skip ?? 0;
  while (header < rows.length && isEmpty(rows[header])) header++;
  if (header >= rows.length) throw noRows(name);
  const width = rows.reduce((most, row) => Math.max(most, row?.length ?? 0), 0);
  const columns = Array.from({ length: width }, (_, i) => i);
  const kinds = columns.map(() => new Set<Value['kind']>());
  for (const row of rows.slice(header + 1))
    row?.forEach((cell, i) => {
      const value = read(cell);
      if (value !== null) kinds[i]!.add(value.kind);
    });
  const types = kinds.map((found) => (found.size === 1 ? TYPES[[...found][0]!] : 'VARCHAR'));
  const line = (row: Rows[number], index: number): string => {
    // Rows above the header count, whatever is in them.
    if (index < header || (isEmpty(row) && index > header)) return '\n';
    const texts = columns.map((i) => {
      const value = read(row?.[i]);
      if (value === null) return '';
      const isTyped = index > header && types[i] !== 'VARCHAR';
      const text =
        value.kind === 'number' && !isTyped ? value.text.replace('.', format.decimal ?? '.') : value.text;
      return `"${text.replaceAll('"', '""')}"`;
    });
    return `${texts.join(',')}\n`;
  };
  await writeFile(target, '');
  for (let start = 0; start < rows.length; start += WRITTEN_AT_A_TIME) {
    const some = Array.from(rows.slice(start, start + WRITTEN_AT_A_TIME), (row, i) => line(row, start + i));
    await appendFile(target, some.join(''));
  }
  return { skip: header, types };
}

const TYPES = { number: 'DOUBLE', date: 'TIMESTAMP', text: 'VARCHAR' } as const;

async function readRows(
  { read }: Xlsx,
  file: string,
  { sheet: wanted }: TextFormat,
  name: string,
): Promise<{ rows: Rows; since1904: boolean }> {
  const bytes = await readFile(file);
  // A workbook is a ZIP archive; a library would take anything else for text of some kind.
  if (bytes.length < 4 || bytes.readUInt32BE(0) !== 0x504b0304)
    throw noWorkbook(name, 'other bytes at its beginning');
  let book;
  try {
    book = read(bytes, { dense: true, cellNF: true, cellFormula: false, cellHTML: false, cellText: false });
  } catch (cause) {
    throw noWorkbook(name, (cause as Error).message, cause);
  }
  const rowsOf = (sheet: string): Rows =>
    (book.Sheets[sheet] as unknown as { readonly '!data'?: Rows } | undefined)?.['!data'] ?? [];
  const isVisible = (_: string, i: number): boolean => (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) === 0;
  const filled = book.SheetNames.filter(isVisible).filter((sheet) =>
    rowsOf(sheet).some((row) => row?.some((cell) => cell?.v !== undefined)),
  );
  const chosen = wanted ?? filled[0];
  if (wanted === undefined && filled.length > 1)
    throw new ConfigurationError('a workbook has several sheets', {
      expected: '"format": {"sheet": NAME} in the map',
      found: listing(filled),
      where: { file: name },
      remedy: 'Say which one is meant; sections of the map may name different ones.',
    });
  if (chosen === undefined) throw noRows(name);
  if (!book.SheetNames.includes(chosen)) {
    const meant = nearest(chosen, book.SheetNames);
    throw new ConfigurationError('a workbook has no such sheet', {
      expected: chosen,
      found: listing(book.SheetNames),
      where: { file: name },
      remedy: `Correct format.sheet of the map${meant === undefined ? '.' : `: did you mean ${meant}?`}`,
    });
  }
  return { rows: Array.from(rowsOf(chosen)), since1904: book.Workbook?.WBProps?.date1904 === true };
}

function valueOf(cell: Cell | undefined, isDate: (z: unknown) => boolean, since1904: boolean): Value | null {
  if (cell?.v === undefined || cell.t === 'z') return null;
  switch (cell.t) {
    case 'n': {
      const number = cell.v as number;
      if (isDate(cell.z)) return dateOf(number, since1904);
      if (typeof cell.z === 'string' && PADDED.test(cell.z) && Number.isInteger(number))
        return { text: String(number).padStart(cell.z.length, '0'), kind: 'text' };
      return { text: String(number), kind: 'number' };
    }
    case 'b':
      return { text: cell.v === true ? 'true' : 'false', kind: 'text' };
    case 'e':
      return { text: cell.w ?? ERRORS[cell.v as number] ?? '#ERROR', kind: 'text' };
    default:
      return String(cell.v).trim() === '' ? null : { text: String(cell.v), kind: 'text' };
  }
}

/** Errors that formulas come to, by their code. */
const ERRORS: Readonly<Record<number, string>> = {
  0x00: '#NULL!',
  0x07: '#DIV/0!',
  0x0f: '#VALUE!',
  0x17: '#REF!',
  0x1d: '#NAME?',
  0x24: '#NUM!',
  0x2a: '#N/A',
};

/** Days since day 0, as text; a time of day that belongs to no day is text. */
function dateOf(days: number, since1904: boolean): Value {
  const moment = new Date((since1904 ? DAY_0.since1904 : DAY_0.since1900) + Math.round(days * DAY_MS));
  if (Number.isNaN(moment.getTime())) return { text: String(days), kind: 'text' };
  const [day, time] = moment.toISOString().slice(0, -1).split('T') as [string, string];
  const clock = time.replace(/\.000$/, '');
  if (days < 1) return { text: clock, kind: 'text' };
  return { text: clock === '00:00:00' ? day : `${day} ${clock}`, kind: 'date' };
}

function noWorkbook(file: string, found: string, cause?: unknown): DataError {
  return new DataError('the file is no workbook', {
    expected: 'an Excel workbook (.xlsx)',
    found,
    where: { file },
    remedy: 'Save the sheet as CSV; workbooks with a password are not read.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function noRows(file: string): DataError {
  return new DataError('the sheet has no rows', {
    expected: 'the names of the columns, and rows below them',
    found: 'no cell with a value',
    where: { file },
    remedy: 'Name another sheet in the map, or take the file out.',
  });
}
