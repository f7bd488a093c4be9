import { DataError } from '@hemline/core';
import type { TextFormat } from '../map/import-map.ts';
import { textOf } from './csv-lines.ts';

/** A header longer than this is none. */
const LONGEST = 1 << 20;

/**
 * Reads the names in the first line of a CSV file: which column is where differs from file to file.
 * @param file plain or gzipped
 * @param format delimiter, quote and encoding
 * @param name of the file, as people know it
 * @returns names in their order
 * @throws DataError when there is no such line
 */
export async function csvHeader(file: string, format: TextFormat, name = file): Promise<string[]> {
  const { delimiter = ',', quote = '"' } = format;
  const line = await firstLine(file, format, name);
  const told = /^sep=(.)?$/i.exec(line.trim())?.[1];
  if (told !== undefined)
    throw new DataError('the first line is one for Excel', {
      expected: 'the names of the columns',
      found: line.trim(),
      where: { file: name },
      remedy: `Say "format": {"skip": 1, "delimiter": ${JSON.stringify(told)}} in the map.`,
    });
  const names = splitLine(line, delimiter, quote).map((each) => each.trim());
  if (names.every((each) => each === '')) throw noHeader(name, 'an empty line');
  return names;
}

/**
 * Reads the first line of a text file that is not to be skipped.
 * @param file plain or gzipped
 * @param format its encoding and quote: a quoted name may go on over several lines
 * @param name of the file, as people know it
 * @returns it without its end
 * @throws DataError when the file is empty, or is no such text
 */
export async function firstLine(file: string, format: TextFormat, name = file): Promise<string> {
  const { quote = '"', skip = 0 } = format;
  let text = '';
  let left = skip;
  try {
    for await (const piece of textOf(file, format)) {
      text += piece;
      for (let end; left > 0 && (end = endOfSkipped(text)) !== -1; left--) {
        // DuckDB would look for the end of it in the lines below.
        if (text.slice(0, end).split(quote).length % 2 === 0) throw openQuote(name, text.slice(0, end));
        text = text.slice(end);
      }
      const end = left > 0 ? -1 : endOfLine(text, quote);
      if (end !== -1) return text.slice(0, end);
      if (text.length > LONGEST)
        throw noHeader(name, `no end of it in ${LONGEST.toLocaleString('en')} characters`);
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('the file cannot be read', {
      found: (cause as Error).message,
      where: { file: name },
      remedy: file.endsWith('.gz') ? 'Check that it is whole, with gzip -t.' : 'Check its permissions.',
      cause,
    });
  }
  if (text === '' || left > 0)
    throw noHeader(name, left < skip || text !== '' ? `fewer than ${skip + 1} lines` : 'an empty file');
  return text;
}

/** Behind the first end of a line; -1 where none is whole yet. */
function endOfSkipped(text: string): number {
  const at = text.search(/[\r\n]/);
  if (at === -1 || (text[at] === '\r' && at + 1 === text.length)) return -1;
  return text.startsWith('\r\n', at) ? at + 2 : at + 1;
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

function openQuote(file: string, line: string): DataError {
  return new DataError('a line above the header has a quote that is not closed', {
    expected: 'quotes in pairs, in lines that are skipped too',
    found: line.trim(),
    where: { file },
    remedy: 'Take the quote out, or the line.',
  });
}

function noHeader(file: string, what: string): DataError {
  return new DataError('the file has no header', {
    expected: 'the names of the columns in the first line',
    found: what,
    where: { file },
    remedy: 'Put such a line before the others, or take the file out.',
  });
}
