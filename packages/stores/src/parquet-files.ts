import type { Batch } from '@hemline/core';
import {
  encodeParquet,
  openParquet,
  type ParquetFile,
  type ParquetWriteOptions,
  type WriteTimings,
} from '@hemline/parquet';
import { openObject, openSource } from './open-store.ts';
import type { WriteCondition } from './store.ts';

/**
 * Opens a Parquet file of any store.
 * @param address path or URL (`s3://bucket/key.parquet`)
 * @returns the file, opened for each read and closed after it
 * @throws DataError when it is not there, empty, truncated, damaged or no Parquet file
 * @throws StoreError when it cannot be read
 */
export function openParquetFile(address: string): Promise<ParquetFile> {
  return openParquet(() => openSource(address));
}

/** A file that was written whole. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly timings: WriteTimings;
}

/**
 * Writes batches to a Parquet file, row group by row group. The file appears under its name only when it is complete and
 * durable; on any error nothing is left behind.
 * @param path or URL of the file; its folder is made
 * @param batches of one schema
 * @param options metadata, codec, row group size, encodings
 * @param condition when it may appear under its name
 * @returns rows, bytes and checksum
 * @throws ConflictError when it had to be absent and is not
 * @throws SchemaError when batches differ in their columns, or there is neither a batch nor a schema
 * @throws StoreError when the store does not take it
 */
export async function writeParquetFile(
  path: string,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: ParquetWriteOptions = {},
  condition: WriteCondition = {},
): Promise<WrittenFile> {
  const writer = await openObject(path, condition);
  try {
    const { rows, timings } = await encodeParquet(writer, batches, options, path);
    const { bytes, sha256 } = await writer.commit();
    return { path, rows, bytes, sha256, timings };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
