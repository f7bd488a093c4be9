import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { TextFormat } from '../map/import-map.ts';

/** The names that the runtime has for encodings. */
const LABELS = { 'utf-8': 'utf-8', 'latin-1': 'latin1', 'utf-16': 'utf-16le' };

/**
 * The text of a file, piece by piece.
 * @param file plain or gzipped
 * @param format its encoding
 * @yields text without the mark at its beginning
 */
export async function* textOf(
  file: string,
  { encoding = 'utf-8' }: TextFormat,
): AsyncGenerator<string, void, undefined> {
  const raw = createReadStream(file);
  const stream = /\.gz$/i.test(file) ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder(LABELS[encoding]);
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } finally {
    raw.destroy();
  }
}

/**
 * Finds where the rows of a CSV file begin: a quoted text may go on over several lines, so that the number of a row does not tell its
 * line. Quotes
 * open at the beginning of a column alone, or behind blanks there, as for DuckDB; lines that are empty are no rows.
 * @param file plain or gzipped
 * @param format delimiter, quote and encoding
 * @param found told of every row and every empty line, the header among them: the line of the file that it begins on, counted from 1,
 *   and whether it is empty
 */
export async function eachCsvRow(
  file: string,
  format: TextFormat,
  found: (line: number, isEmpty: boolean) => void,
): Promise<void> {
  const { delimiter = ',', quote = '"' } = format;
  let [line, begin] = [1, 1];
  let state: 'start' | 'plain' | 'quoted' | 'closing' = 'start';
  let isEmpty = true;
  let afterReturn = false;
  for await (const text of textOf(file, format)) {
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      const isBreak = character === '\n' || character === '\r';
      const isSecond = character === '\n' && afterReturn;
      afterReturn = character === '\r';
      if (isBreak && !isSecond) line++;
      if (state === 'quoted') {
        if (character === quote) state = 'closing';
      } else if (isSecond) {
        // The end of the row was told with the first of the two.
        begin = line;
      } else if (isBreak) {
        found(begin, isEmpty);
        [begin, state, isEmpty] = [line, 'start', true];
      } else {
        isEmpty = false;
        // A quote within quotes is written twice.
        if (character === quote && (state === 'start' || state === 'closing')) state = 'quoted';
        else if (character === delimiter) state = 'start';
        else if (character !== ' ' || state !== 'start') state = 'plain';
      }
    }
  }
  if (!isEmpty) found(begin, false);
}

/**
 * @param file of CSV
 * @param format of it
 * @param counted a row or empty line, counted from 1 with the header
 * @returns the line of the file that it begins on
 */
export async function lineOfCounted(file: string, format: TextFormat, counted: number): Promise<number> {
  let at = 0;
  let wanted = counted;
  await eachCsvRow(file, format, (line) => {
    if (++at === counted) wanted = line;
  });
  return wanted;
}

/** Files that are written in rows: of a sheet of a workbook, a row is what people count. */
export interface RowsOfFile {
  readonly format: TextFormat;
  readonly countsRows?: boolean;
}

/** Lines of a file on which rows begin. */
export interface RowLines {
  /** Of rows, in the order asked for. */
  readonly rows: readonly number[];
  /** Of broken rows, in the order asked for. */
  readonly broken: readonly number[];
}

/**
 * Finds lines of many rows in one reading.
 * @param file of CSV
 * @param group how it is written
 * @param rows that are wanted, counted from 0 without header, empty lines and broken rows; ascending
 * @param broken rows that were passed over, counted from 1 with header and empty lines; ascending
 * @returns the lines, counted from 1
 */
export async function linesOfRows(
  file: string,
  { format, countsRows = false }: RowsOfFile,
  rows: readonly number[],
  broken: readonly number[],
): Promise<RowLines> {
  const lines = { rows: [] as number[], broken: [] as number[] };
  let [counted, row] = [0, -1 - (format.skip ?? 0)];
  await eachCsvRow(file, format, (lineOfFile, isEmpty) => {
    counted++;
    const line = countsRows ? counted : lineOfFile;
    if (counted === broken[lines.broken.length]) lines.broken.push(line);
    else if (!isEmpty || row < -1) {
      if (row === rows[lines.rows.length] && row >= 0) lines.rows.push(line);
      row++;
    }
  });
  return lines;
}
