import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Batch, collect, formatWeek, type TableName } from '@hemline/core';
import { syntheticTables } from '@hemline/evaluation/testing';
import { writeParquetFile } from '@hemline/stores';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const TABLES: readonly TableName[] = ['weekly', 'returns', 'articles', 'markets'];
const tables = syntheticTables({ articles: 60, weeks: 60 });
/** Trees of the whole training: many seconds of work. */
const ROUNDS = 800;

/** What SageMaker gives a training job, below a folder of its own. */
async function trainingRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hemline-return-trees-'));
  folders.push(root);
  const data = join(root, 'input/data/dataset');
  await mkdir(data, { recursive: true });
  await mkdir(join(root, 'input/config'), { recursive: true });
  await mkdir(join(root, 'model'));
  const names = ['saleWeek', 'returnWeek', 'blackPrice', 'launchWeek', 'seasonEndWeek'];
  const columns = Object.fromEntries(
    names.map((name) => [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
  );
  for (const name of TABLES) {
    const batch = await collect(tables.get(name));
    const onDisk = new Batch(
      new Map([...batch.columns].map(([role, column]) => [columns[role] ?? role, column])),
      batch.length,
    );
    await writeParquetFile(join(data, `${name}.parquet`), [onDisk], { schema: onDisk.schema });
  }
  const descriptor = {
    name: 'synthetic',
    tables: {
      weekly: { path: 'weekly.parquet', missingWeeks: 'unobserved' },
      returns: { path: 'returns.parquet' },
      articles: { path: 'articles.parquet' },
      markets: { path: 'markets.parquet' },
    },
  };
  await writeFile(join(data, 'dataset.json'), JSON.stringify(descriptor));
  const hyperparameters = {
    cutoff: formatWeek(tables.lastWeek),
    rounds: String(ROUNDS),
    patience: '3000',
    learningRate: '0.01',
    leafUnits: '1',
    threads: '1',
    checkpointEvery: '1000',
  };
  await writeFile(join(root, 'input/config/hyperparameters.json'), JSON.stringify(hyperparameters));
  return root;
}

function start(root: string): { child: ChildProcess; ended: Promise<number | null>; log: () => string } {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/train.ts')], {
    env: { ...process.env, SAGEMAKER_BASE_DIR: root, HEMLINE_PROGRESS: 'json' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => code as number | null), log: () => log };
}

/** Trees that there were, each time that the job told. */
const treesIn = (log: string): number[] =>
  [...log.matchAll(/"phase":"training","done":(\d+)/g)].map(([, done]) => Number(done));

describe('a training job', () => {
  test('asked to stop by SIGTERM, leaves a checkpoint between two trees, and goes on from it', async () => {
    const root = await trainingRoot();
    const first = start(root);
    // The end of a job that failed ends the waiting too.
    while (!/"phase":"training","done":[1-9]\d/.test(first.log()) && first.child.exitCode === null)
      await Promise.race([once(first.child.stderr!, 'data'), first.ended]);
    first.child.kill('SIGTERM');
    expect(await first.ended, first.log()).toBe(143);
    const [checkpoint, ...others] = await readdir(join(root, 'checkpoints'));
    expect(others).toEqual([]);
    const step = Number(checkpoint!.split('-')[1]);
    expect(step).toBeGreaterThanOrEqual(10);
    // One that was asked for: those of the schedule come every 1,000 trees, and the training ends with the 800th.
    expect(step).toBeLessThan(ROUNDS);
    expect(Math.max(...treesIn(first.log()))).toBeLessThanOrEqual(step);
    expect(await readdir(join(root, 'model'))).toEqual([]);

    const second = start(root);
    expect(await second.ended, second.log()).toBe(0);
    expect(Math.min(...treesIn(second.log()))).toBeGreaterThan(step);
    const card = JSON.parse(await readFile(join(root, 'model/hemline.json'), 'utf8')) as {
      metrics: Record<string, number>;
    };
    expect(card.metrics['trees']).toBeGreaterThan(0);
  }, 120_000);
});
