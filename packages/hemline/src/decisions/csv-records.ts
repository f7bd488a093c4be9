import { createReadStream } from 'node:fs';
import { DataError } from '@hemline/core';

/** A line of a CSV file; quoted cells may go on over several. */
export interface CsvRecord {
  /** Line of the file that it begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a CSV file, piece by piece: cells may be quoted, `""` is a quote within one, and lines end as on any system.
 * @param file UTF-8, with or without a byte order mark
 * @yields the header, then record by record; empty lines are none
 * @throws DataError for a quote that is never closed
 */
export async function* csvRecords(file: string): AsyncGenerator<CsvRecord> {
  let delimiter = '';
  let [line, begins] = [1, 1];
  let cells: string[] = [];
  let cell = '';
  let state: 'plain' | 'quoted' | 'quote' = 'plain';
  let isStart = true;
  for await (let text of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
    if (isStart) text = text.replace(/^\ufeff/, '');
    isStart = false;
    // The header has names, and no delimiter within them.
    delimiter ||= /[\t;,]/.exec(text)?.[0] ?? ',';
    for (const letter of text) {
      if (letter === '\n') line++;
      if (state === 'quoted') {
        if (letter === '"') state = 'quote';
        else cell += letter;
      } else if (letter === '"' && (state === 'quote' || cell === '')) {
        if (state === 'quote') cell += '"';
        state = 'quoted';
      } else if (letter === delimiter || letter === '\n') {
        cells.push(letter === '\n' && state === 'plain' ? cell.replace(/\r$/, '') : cell);
        [cell, state] = ['', 'plain'];
        if (letter !== '\n') continue;
        if (cells.length > 1 || cells[0] !== '') yield { line: begins, cells };
        [cells, begins] = [[], line];
      } else if (state === 'quote' && letter === '\r') continue;
      else {
        cell += letter;
        state = 'plain';
      }
    }
  }
  if (state === 'quoted')
    throw new DataError('a quote is never closed', {
      expected: '"',
      found: 'the end of the file',
      where: { file, line: begins },
    });
  cells.push(state === 'plain' ? cell.replace(/\r$/, '') : cell);
  if (cells.length > 1 || cells[0] !== '') yield { line: begins, cells };
}
