import { openParquet } from '@hemline/parquet';
import { printSample, timed } from './sample.ts';

const [file, columns] = process.argv.slice(2) as [string, string];

const { seconds, result } = await timed(async () => {
  let rows = 0;
  let demand = 0;
  const parquet = await openParquet(file);
  for await (const batch of parquet.batches({ columns: columns.split(',') })) {
    rows += batch.length;
    demand += batch.column('demand').values[0] as number;
  }
  return `${rows} ${demand}`;
});
printSample(seconds, result);
