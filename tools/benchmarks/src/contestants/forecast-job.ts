// A whole forecast of a simulated market through an entrypoint: start, check of the data, forecast, Parquet.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openParquet } from '@hemline/parquet';
import { runForecast } from '../harness/processing-job.ts';
import { printSample } from './sample.ts';

const [entry, observed, model, threads] = process.argv.slice(2) as [string, string, string, string];
const root = await mkdtemp(join(resolve(model), '../forecast-'));
try {
  const { seconds, rows, ...sample } = await runForecast({
    ...{ entry, root, inputs: { dataset: observed, model }, threads: Number(threads) },
  });
  printSample(seconds, `${rows} rows, ${await demandOf(root)} units`, { ...sample, rows });
} finally {
  await rm(root, { recursive: true, force: true });
}

/** Units of all forecasts together, the files in the order of their names. */
async function demandOf(folder: string): Promise<string> {
  const output = join(folder, 'processing', 'output', 'forecast');
  const names = (await readdir(output, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  let units = 0;
  for (const name of names.toSorted())
    for await (const batch of (await openParquet(join(output, name))).batches({ columns: ['demand'] }))
      for (const value of batch.numbers('demand').values) units += value;
  return units.toPrecision(14);
}
