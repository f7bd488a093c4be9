import type { Encoding } from 'hyparquet';
import type { Column } from '@hemline/core';
import { type PageBytes, Damage } from '../encodings/bytes.ts';

/** Takes the pages of one column chunk. */
export interface PageSink {
  /**
   * The dictionary that later pages point into.
   * @param page PLAIN values
   * @param count of them
   */
  addDictionary(page: PageBytes, count: number): void;
  /**
   * The values of a page, without gaps, from a row on.
   * @param page decompressed
   * @param start of the values
   * @param encoding of them
   * @param row first row of the page
   * @param count of values
   */
  addValues(page: PageBytes, start: number, encoding: Encoding, row: number, count: number): void;
  /**
   * Moves the values of a page with missing rows to their rows.
   * @param row first row of the page
   * @param count rows of the page
   * @param present how many hold a value
   * @param validity of the column
   */
  spread(row: number, count: number, present: number, validity: Uint8Array): void;
}

/** A sink that becomes a typed column. */
export interface ColumnSink extends PageSink {
  /**
   * @param validity of the column, null when nothing is missing
   * @returns the column
   */
  finish(validity: Uint8Array | null): Column;
}

/**
 * The error for a page whose encoding its type cannot have.
 * @param encoding as the page header says
 * @param type what the values are
 * @returns the error
 */
export function unknownEncoding(encoding: string | undefined, type: string): Damage {
  return new Damage(`${type} in the encoding ${encoding ?? 'unknown'}`);
}
