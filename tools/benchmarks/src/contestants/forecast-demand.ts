// The whole forecast of a simulated market by a trained model: panel in, grid or curves out, through the model's own entrypoint.
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runForecast } from '../harness/processing-job.ts';
import { printSample } from './sample.ts';

const ENTRY = join(import.meta.dirname, '../../../../models/demand-transformer/src/process.ts');
const WEEKS = 26;
const LEVELS = 15;

const [observed, model, form] = process.argv.slice(2) as [string, string, string];
const root = await mkdtemp(join(resolve(model), '../forecast-'));
try {
  const { seconds, rows, ...sample } = await runForecast({
    ...{ entry: ENTRY, root, inputs: { dataset: observed, model }, threads: 1 },
    arguments: ['--form', form],
  });
  const perItem = form === 'grid' ? WEEKS * LEVELS : WEEKS;
  // Markets of other sizes have other numbers of rows, but each item has all of its own.
  printSample(seconds, `whole items: ${rows > 0 && rows % perItem === 0}`, { ...sample, rows });
} finally {
  await rm(root, { recursive: true, force: true });
}
