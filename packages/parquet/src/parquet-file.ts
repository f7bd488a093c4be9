import type { Batch, Schema } from '@hemline/core';

/**
 * A value that a column's values are compared with: days of a date, the unit's ticks of a timestamp, units of its scale of a
 * decimal; a number is rounded to the precision of a float column.
 */
export type FilterValue = number | bigint | boolean | string;

/** Rows whose value of one column lies in a range; both ends belong to it. Missing values never do. */
export interface RangeFilter {
  readonly column: string;
  readonly from?: FilterValue;
  readonly to?: FilterValue;
}

/** What to read of a file. */
export interface ParquetReadOptions {
  /** Names on disk, in the order wanted; all typed columns by default. */
  readonly columns?: readonly string[];
  /** 0-based; all by default. */
  readonly rowGroups?: readonly number[];
  /**
   * Only rows that satisfy all of them are given. Row groups and pages whose statistics exclude them are not even read.
   * The columns need not be among `columns`.
   */
  readonly where?: readonly RangeFilter[];
  readonly signal?: AbortSignal;
}

/** An open Parquet file. Nothing but the footer has been read. */
export interface ParquetFile {
  /** Path or URL. */
  readonly path: string;
  /** Columns under their names on disk. */
  readonly schema: Schema;
  /** Columns that have no typed column here (nested ones, byte strings …), with the type that the file declares. */
  readonly unsupported: Readonly<Record<string, string>>;
  /**
   * Columns that were written without a type, since every row is missing (Parquet's UNKNOWN, as of pandas and polars): they may stand
   * for any type, and read as what they are stored as.
   */
  readonly untyped: ReadonlySet<string>;
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Rows and compressed bytes of each. */
  readonly rowGroups: readonly { readonly rows: number; readonly bytes: number }[];
  /** Key-value metadata of the footer. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The rows, a batch per row group: memory is bound by the chosen columns of the row groups in flight. */
  batches(options?: ParquetReadOptions): AsyncIterable<Batch>;
}
