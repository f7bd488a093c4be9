import { rm } from 'node:fs/promises';
import { concatBatches, type Batch } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { printSample, timed } from './sample.ts';

const [file] = process.argv.slice(2) as [string];
const batches: Batch[] = [];
for await (const batch of (await openParquet(file)).batches()) batches.push(batch);
const table = concatBatches(batches);
batches.length = 0;
const target = `${file}.${process.pid}.tmp`;
try {
  // As in production: hashed, and on disk when it is done.
  const { seconds, result } = await timed(() => writeParquetFile(target, [table], { codec: 'zstd' }));
  printSample(seconds, String(result.rows), { bytes: result.bytes });
} finally {
  await rm(target, { force: true });
}
