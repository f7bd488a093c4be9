import { concatBatches, type Batch } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { checkOf, panelFrom, TWELVE } from '../features/twelve-features.ts';
import { printSample, timed } from './sample.ts';

const [file] = process.argv.slice(2) as [string];
const batches: Batch[] = [];
for await (const batch of (await openParquet(file)).batches()) batches.push(batch);
const rows = concatBatches(batches);
batches.length = 0;

// From plain rows: finding the series and the gaps is part of the work.
const { seconds, result } = await timed(async () => TWELVE.transform(panelFrom(rows), { cutoff: Infinity }));
printSample(seconds, checkOf(result));
