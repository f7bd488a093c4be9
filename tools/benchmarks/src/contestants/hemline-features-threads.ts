import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { concatBatches, type Batch } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { checkText, panelFrom, summed, TWELVE } from '../features/twelve-features.ts';
import { printSample, timed } from './sample.ts';

// One thread a market, as a job has one thread a partition: a market holds its groups whole.
const MARKETS = ['DE', 'FR'];

async function coordinate(file: string): Promise<void> {
  const workers = MARKETS.map(
    (market) => new Worker(new URL(import.meta.url), { workerData: { file, market } }),
  );
  const ask = (order: string): Promise<[number, number][][]> =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise<[number, number][]>((resolve, reject) => {
            worker.once('error', reject);
            worker.once('message', resolve);
            worker.postMessage(order);
          }),
      ),
    );
  await ask('load');
  const { seconds } = await timed(() => ask('transform'));
  const sums = await ask('check');
  const check = TWELVE.names.map((_, feature) =>
    checkText(
      sums.reduce((all, part) => all + part[feature]![0], 0),
      sums.reduce((all, part) => all + part[feature]![1], 0),
    ),
  );
  printSample(seconds, check.join(' '));
  await Promise.all(workers.map((worker) => worker.terminate()));
}

function work({ file, market }: { file: string; market: string }): void {
  let rows: Batch;
  let columns: ReturnType<typeof TWELVE.transform>;
  parentPort!.on('message', (order: string) => {
    void (async () => {
      if (order === 'load') rows = await load(file, market);
      else if (order === 'transform') columns = TWELVE.transform(panelFrom(rows), { cutoff: Infinity });
      parentPort!.postMessage(order === 'check' ? [...columns.values.values()].map(summed) : []);
    })();
  });
}

async function load(file: string, market: string): Promise<Batch> {
  const batches: Batch[] = [];
  const where = [{ column: 'market', from: market, to: market }];
  for await (const batch of (await openParquet(file)).batches({ where })) batches.push(batch);
  return concatBatches(batches);
}

if (isMainThread) await coordinate(process.argv[2]!);
else work(workerData as { file: string; market: string });
