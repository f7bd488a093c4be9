import type { Batch } from '@hemline/core';
import { sliceRows } from '@hemline/core';
import { openStore } from '../stores/index.ts';
import type { ObjectWriter, Store } from '../stores/store.ts';
import { encodeParquet, type ParquetWriteOptions } from './write/encode-parquet.ts';
import type { WrittenFile } from './write-parquet.ts';

/** How to write a table of several files. */
export interface RollOptions extends ParquetWriteOptions {
  /** A file is closed at the end of the row group that takes it past this size; 256 MiB by default. */
  readonly targetBytes?: number;
  /** Name of the files before their number. */
  readonly stem?: string;
}

const DEFAULT_TARGET_BYTES = 256 << 20;
const DEFAULT_ROW_GROUP_ROWS = 262_144;

/**
 * Writes batches as one or several Parquet files of about a target size: `part-00000.parquet`, `part-00001.parquet` …
 * Each appears when it is complete.
 * @param directory path or URL
 * @param batches of one schema
 * @param options target size, and how to write each file
 * @returns the files, in order; one without rows when there is no row
 * @throws SchemaError or StoreError; the files written so far stay
 */
export async function writeParquetFiles(
  directory: string,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: RollOptions = {},
): Promise<WrittenFile[]> {
  const store = await openStore(directory);
  const pieces = rowGroups(batches, options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS);
  const files: WrittenFile[] = [];
  let schema = options.schema;
  for (let next = await pieces.next(); next.done !== true || files.length === 0;) {
    const roll = new Roll(pieces, next, options.targetBytes ?? DEFAULT_TARGET_BYTES);
    schema ??= next.done === true ? undefined : next.value.schema;
    const key = `${options.stem ?? 'part'}-${String(files.length).padStart(5, '0')}.parquet`;
    files.push(await writeOne(store, key, roll, { ...options, schema }));
    next = roll.next;
  }
  return files;
}

async function writeOne(
  store: Store,
  key: string,
  roll: Roll,
  options: ParquetWriteOptions,
): Promise<WrittenFile> {
  const writer = await store.create(key);
  try {
    const path = store.urlOf(key);
    const { rows, timings } = await encodeParquet(writer, roll.batches(writer), options, path);
    const { bytes, sha256 } = await writer.commit();
    return { path, rows, bytes, sha256, timings };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** Hands batches to one file until it is large enough. */
class Roll {
  next: IteratorResult<Batch, void>;
  readonly #pieces: AsyncGenerator<Batch, void>;
  readonly #targetBytes: number;

  constructor(pieces: AsyncGenerator<Batch, void>, first: IteratorResult<Batch, void>, targetBytes: number) {
    this.#pieces = pieces;
    this.next = first;
    this.#targetBytes = targetBytes;
  }

  async *batches(writer: ObjectWriter): AsyncGenerator<Batch> {
    while (this.next.done !== true) {
      yield this.next.value;
      this.next = await this.#pieces.next();
      // The row group is written when the next batch is asked for: the file may grow by one beyond its target.
      if (writer.bytes >= this.#targetBytes) return;
    }
  }
}

/** Pieces that end where row groups end, so that a file can be closed after any of them. */
async function* rowGroups(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  groupRows: number,
): AsyncGenerator<Batch, void> {
  let filled = 0;
  for await (const batch of batches) {
    for (let start = 0; start < batch.length;) {
      const end = Math.min(batch.length, start + groupRows - filled);
      yield sliceRows(batch, start, end);
      filled = (filled + end - start) % groupRows;
      start = end;
    }
  }
}
