import type { Batch, Schema } from '@hemline/core';

/** What to read of a file. */
export interface ParquetReadOptions {
  /** Names on disk, in the order wanted; all columns by default. */
  readonly columns?: readonly string[];
  /** 0-based; all by default. */
  readonly rowGroups?: readonly number[];
  readonly signal?: AbortSignal;
}

/** An open Parquet file. Nothing but the footer has been read. */
export interface ParquetFile {
  readonly path: string;
  /** Columns under their names on disk. */
  readonly schema: Schema;
  /** Columns that cannot be read here, with the type that the file declares: nested ones, decimals … */
  readonly unsupported: Readonly<Record<string, string>>;
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Rows and compressed bytes of each. */
  readonly rowGroups: readonly { readonly rows: number; readonly bytes: number }[];
  /** Key-value metadata of the footer. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The rows, a batch per row group: memory is bound by the largest row group's chosen columns. */
  batches(options?: ParquetReadOptions): AsyncIterable<Batch>;
}
