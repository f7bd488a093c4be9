import type { Encoding } from 'hyparquet';
import type { ValueStatistics } from './value-statistics.ts';

/** One data page as the indexes describe it. */
export interface WrittenPage extends ValueStatistics {
  /** Offset in the file. */
  readonly offset: number;
  /** Header and body. */
  readonly bytes: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly nulls: number;
}

/** A column chunk as the footer describes it. */
export interface WrittenChunk extends ValueStatistics {
  readonly column: number;
  readonly encodings: readonly Encoding[];
  readonly encoding: Encoding;
  readonly rows: number;
  readonly nulls: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly dictionaryOffset: number | null;
  readonly dataOffset: number;
  readonly pages: readonly WrittenPage[];
  readonly checksum: string;
}

/** Where the indexes of a chunk were put. */
export interface IndexPlace {
  readonly columnIndex: { readonly offset: number; readonly length: number } | null;
  readonly offsetIndex: { readonly offset: number; readonly length: number };
  readonly checksum: string;
}
