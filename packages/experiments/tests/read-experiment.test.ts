import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@hemline/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import example from '../examples/naive-methods.ts';
import { experimentSchema } from '../src/declaration.ts';
import { readExperiment } from '../src/read-experiment.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-experiment-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const whole = {
  name: 'windows',
  variants: [{ model: 'demand-naive', hyperparameters: { method: 'mean', window: [4, 8] } }],
  cutoffs: { count: 3 },
};

test('a JSON file gets its defaults', async () => {
  const read = await readExperiment(await file('whole.json', JSON.stringify(whole)));
  expect(read).toMatchObject({ ...whole, seeds: [1], confidence: 0.95 });
  expect(read.stopping).toBeUndefined();
});

test('a module gives the same as JSON does', async () => {
  const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const text = `import { defineExperiment } from '${index}';\nexport default defineExperiment(${JSON.stringify(whole)});\n`;
  const json = await readExperiment(await file('whole.json', JSON.stringify(whole)));
  expect(await readExperiment(await file('whole.ts', text))).toEqual(json);
});

test('the example is one', async () => {
  const path = fileURLToPath(new URL('../examples/naive-methods.ts', import.meta.url));
  expect(await readExperiment(path)).toEqual(experimentSchema.parse(example));
});

test('everything that is wrong is told at once', async () => {
  const wrong = {
    name: 'Two Words',
    variants: [
      { model: 'demand-naive', hyperparameters: { window: { from: 4, to: 8 } } },
      { model: 'demand-naive', random: 3, hyperparameters: { window: { from: 8, to: 4 }, season: null } },
    ],
    cutoffs: ['2023-01-02', 'soon'],
    seeds: [1, 1],
    metric: 'demandBias',
    stoping: {},
  };
  const error = await readExperiment(await file('wrong.json', JSON.stringify(wrong))).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const { message } = error as Error;
  for (const part of [
    /name: expected lower-case letters/,
    /variants\.0\.hyperparameters\.window: a range has no combinations/,
    /variants\.1\.hyperparameters\.window: a range runs from less to more/,
    /variants\.1\.hyperparameters\.season: expected a value, a list of values, or a range/,
    /cutoffs\.1: expected a date/,
    /seeds: a seed is there twice/,
    /metric: the least of it is not the best/,
    /stoping/,
    /wrong\.json/,
  ])
    expect(message).toMatch(part);
});

test.each([
  ['none.json', null, /there is no experiment file/],
  ['broken.json', '{', /cannot be read/],
  ['empty.mjs', 'export const experiment = 1;', /exports no experiment/],
  ['throws.mjs', 'throw new Error("no such thing");', /cannot be loaded.*no such thing/],
])('%s', async (name, text, message) => {
  const path = text === null ? join(folder, name) : await file(name, text);
  await expect(readExperiment(path)).rejects.toThrow(message);
});
