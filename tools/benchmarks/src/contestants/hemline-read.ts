import { openParquet } from '@hemline/runtime/parquet';
import { printSample, timed } from './sample.ts';

const [file, columns, threads] = process.argv.slice(2) as [string, string, string];

const { seconds, result } = await timed(async () => {
  let rows = 0;
  let demand = 0;
  const parquet = await openParquet(file);
  for await (const batch of parquet.batches({ columns: columns.split(','), threads: Number(threads) })) {
    rows += batch.length;
    demand += batch.column('demand').values[0] as number;
  }
  return `${rows} ${demand}`;
});
printSample(seconds, result);
