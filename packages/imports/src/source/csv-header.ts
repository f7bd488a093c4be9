import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DataError } from '@hemline/core';
import type { TextFormat } from '../map/import-map.ts';

/** The names that the runtime has for encodings. */
const LABELS = { 'utf-8': 'utf-8', 'latin-1': 'latin1', 'utf-16': 'utf-16le' };
/** A header longer than this is none. */
const LONGEST = 1 << 20;

/**
 * Reads the names in the first line of a CSV file: which column is where differs from file to file.
 * @param file plain or gzipped
 * @param format delimiter, quote and encoding
 * @returns names in their order
 * @throws DataError when there is no such line
 */
export async function csvHeader(file: string, format: TextFormat): Promise<string[]> {
  const { delimiter = ',', quote = '"' } = format;
  const line = await firstLine(file, format);
  const names = splitLine(line, delimiter, quote).map((name) => name.trim());
  if (names.every((name) => name === '')) throw noHeader(file, 'an empty line');
  return names;
}

/**
 * Reads the first line of a text file.
 * @param file plain or gzipped
 * @param format its encoding and quote: a quoted name may go on over several lines
 * @returns it without its end
 * @throws DataError when the file is empty, or is no such text
 */
export async function firstLine(
  file: string,
  { encoding = 'utf-8', quote = '"' }: TextFormat,
): Promise<string> {
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  // TextDecoder takes the mark at the beginning away.
  const decoder = new TextDecoder(LABELS[encoding]);
  let text = '';
  try {
    for await (const chunk of stream) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const end = endOfLine(text, quote);
      if (end !== -1) return text.slice(0, end);
      if (text.length > LONGEST)
        throw noHeader(file, `no end of it in ${LONGEST.toLocaleString('en')} characters`);
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('the file cannot be read', {
      found: (cause as Error).message,
      where: { file },
      remedy: file.endsWith('.gz') ? 'Check that it is whole, with gzip -t.' : 'Check its permissions.',
      cause,
    });
  } finally {
    raw.destroy();
  }
  if (text === '') throw noHeader(file, 'an empty file');
  return text;
}

/**
 * Splits a line into its columns.
 * @param line without its end
 * @param delimiter between columns
 * @param quote around texts that may hold it
 * @returns the texts
 */
export function splitLine(line: string, delimiter: string, quote: string): string[] {
  const columns: string[] = [];
  let column = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === quote && quoted && line[i + 1] === quote) column += line[i++];
    else if (character === quote) quoted = !quoted;
    else if (character === delimiter && !quoted) {
      columns.push(column);
      column = '';
    } else column += character;
  }
  return [...columns, column];
}

function endOfLine(text: string, quote: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === quote) quoted = !quoted;
    else if (!quoted && (text[i] === '\n' || text[i] === '\r')) return i;
  }
  return -1;
}

function noHeader(file: string, what: string): DataError {
  return new DataError('the file has no header', {
    expected: 'the names of the columns in the first line',
    found: what,
    where: { file },
    remedy: 'Put such a line before the others, or take the file out.',
  });
}
