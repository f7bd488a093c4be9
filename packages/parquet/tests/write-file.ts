import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Batch } from '@hemline/core';
import { MemorySink } from '../src/memory.ts';
import { encodeParquet, type ParquetWriteOptions } from '../src/write/encode-parquet.ts';

/**
 * Writes a small file, whole.
 * @param path of the file
 * @param batches of one schema
 * @param options of the writer
 * @returns what was written
 */
export async function writeFileOf(
  path: string,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: ParquetWriteOptions = {},
) {
  const sink = new MemorySink();
  const { rows, timings } = await encodeParquet(sink, batches, options, path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, sink.content);
  const sha256 = createHash('sha256').update(sink.content).digest('hex');
  return { path, rows, bytes: sink.bytes, sha256, timings };
}
