/** Run as a process of its own: trains, predicts and frees, over and over, and prints what is left. */
import { setTimeout } from 'node:timers/promises';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { liveHandles } from '../../src/library/native-handle.ts';
import { train } from '../../src/train/train.ts';

const rows = 10_000;
const columns = 10;
const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 12.9898) * 43_758.5453);
const label = Float32Array.from({ length: rows }, (_, row) => Number(values[row * columns]! > 0));
const table = { values, rows, columns, layout: 'row' } as const;
const parameters = { objective: 'binary', num_leaves: 7, num_threads: 1 };

async function cycle(): Promise<void> {
  using data = await createDataset(table, { label, parameters });
  using booster = await train({ data, rounds: 1, parameters });
  await booster.predict(table, { parameters });
}

/** Nobody disposes of these. */
async function forget(): Promise<void> {
  const data = await createDataset(table, { label, parameters });
  await train({ data, rounds: 1, parameters });
}

const resident = (): number => process.memoryUsage().rss / 2 ** 20;
for (let i = 0; i < 100; i++) await cycle();
global.gc!();
const before = resident();
for (let i = 0; i < 100; i++) await cycle();
global.gc!();
const grownMiB = resident() - before;
const left = liveHandles();
for (let i = 0; i < 5; i++) await forget();
for (let i = 0; i < 50 && liveHandles() > 0; i++) {
  global.gc!();
  await setTimeout(10);
}
process.stdout.write(JSON.stringify({ left, grownMiB, collected: liveHandles() }));
