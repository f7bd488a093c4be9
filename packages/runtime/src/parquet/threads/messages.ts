import type { Column, PackedError } from '@hemline/core';
import type { RangeFilter } from '../parquet-file.ts';

/** A row group for a thread to decode. */
export interface DecodeTask {
  readonly id: number;
  /** Path or URL. */
  readonly file: string;
  /** Tells one opening of a file from another: it may have been replaced meanwhile. */
  readonly session: number;
  readonly rowGroup: number;
  readonly columns: readonly string[];
  readonly filters: readonly RangeFilter[];
}

/** Closes what a thread holds open for a session. */
export interface EndOfSession {
  readonly endOf: number;
}

/** What a thread is sent. */
export type ToThread = DecodeTask | EndOfSession;

/** What a thread answers. Its values are handed over: nothing that grows with the rows is copied, but for dictionaries. */
export type FromThread =
  | { readonly id: number; readonly length: number; readonly columns: readonly (readonly [string, Column])[] }
  | { readonly id: number; readonly error: PackedError };
