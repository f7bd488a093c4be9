import { once } from 'node:events';
import { readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Batch, float64Column, type AnyModel } from '@hemline/core';
import { EXIT_CODES } from '@hemline/sagemaker';
import { openArtifact, type ArtifactCard } from '../../src/artifacts/model-artifact.ts';
import { writeParquetFile } from '@hemline/stores';
import {
  fabricateTraining,
  freshRoot,
  readJson,
  run,
  start,
  weeklyBatch,
} from '../fixtures/fabricate-root.ts';
import { runTraining } from '../../src/entrypoints/train.ts';
import { smoothing } from '../fixtures/smoothing-model.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

async function trainingRoot(hyperparameters: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const root = await freshRoot();
  roots.push(root);
  await fabricateTraining(root, hyperparameters);
  return root;
}
const failureOf = (root: string): Promise<string> => readFile(join(root, 'output', 'failure'), 'utf8');

it('does not promise to go on to whoever has stopped a model without checkpoints', async () => {
  const root = await trainingRoot();
  const withoutCheckpoints: AnyModel = {
    ...smoothing,
    fit: ({ checkpoints: _, ...job }, ...rest) => smoothing.fit(job, ...rest),
  };
  const nothing = (): void => undefined;
  const telemetry = {
    ...{ info: nothing, warn: nothing, error: nothing, progress: nothing, metric: nothing, close: nothing },
  };
  const controller = new AbortController();
  const environment = { SAGEMAKER_BASE_DIR: root };
  const stopped = runTraining(withoutCheckpoints, {
    ...{ environment, signal: controller.signal },
    telemetry: { ...telemetry, progress: ({ phase }) => phase === 'training' && controller.abort() },
  });
  await expect(stopped).rejects.toThrow(/asked to stop\. Start it again; it begins anew\.$/);
});

it('checks the weekly table also for a model that fits on nothing of it: it says the cutoff', async () => {
  const root = await trainingRoot();
  const market = join(root, 'input', 'data', 'weekly', 'market=FR');
  const batch = weeklyBatch('FR', ['FR-1']);
  const discount = float64Column(new Float64Array(batch.length).fill(1.2));
  await writeParquetFile(join(market, 'part-00000.parquet'), [
    new Batch(
      Object.fromEntries(
        batch.names
          .filter((name) => name !== 'market')
          .map((name) => [name, name === 'discount' ? discount : batch.column(name)]),
      ),
    ),
  ]);
  const fitsOnNothing: AnyModel = { ...smoothing, inputs: { ...smoothing.inputs, fit: {} } };
  const nothing = (): void => undefined;
  const telemetry = {
    ...{ info: nothing, warn: nothing, error: nothing, progress: nothing, metric: nothing, close: nothing },
  };
  const environment = { SAGEMAKER_BASE_DIR: root };
  const { signal } = new AbortController();
  await expect(runTraining(fitsOnNothing, { environment, signal, telemetry })).rejects.toThrow(
    /a value of discount is not valid .*expected a number in \[0, 1\), found 1\.2/,
  );
});

describe.concurrent('train as a container', () => {
  it('leaves a model, its metrics and no failure', async ({ expect }) => {
    const root = await trainingRoot({ epochs: '3', seed: '7', cutoff: '"2025-06-02"' });
    const { code, stdout, stderr } = await run('train.ts', root);
    expect(stderr).not.toMatch(/"level":"error"/);
    expect(code).toBe(EXIT_CODES.ok);
    const { card } = await openArtifact(join(root, 'model'), smoothing);
    expect(card).toMatchObject({ model: 'smoothing', cutoff: '2025-06-02', seed: 7, runId: 'training-1' });
    expect(card.hyperparameters).toMatchObject({ epochs: 3, rate: 0.1, trend: false });
    const metrics = (await readJson(join(root, 'output', 'data', 'metrics.json'))) as Record<string, number>;
    expect(metrics).toEqual(card.metrics);
    expect(metrics['loss']).toBeGreaterThan(0);
    expect(stdout).toContain(`hemline_metric loss=${metrics['loss']};\n`);
    expect(stdout).toContain('hemline_metric fit.epochs=3;\n');
    expect(await readdir(join(root, 'output'))).toEqual(['data']);
    expect((await readdir(join(root, 'model'))).sort()).toEqual(['hemline.json', 'series.parquet']);
  });

  it('prints what it takes, without a root', async ({ expect }) => {
    const { code, stdout } = await run('train.ts', '/nowhere', ['--help']);
    expect(code).toBe(0);
    for (const name of [
      'epochs (number; default 5)',
      'start (low | high; default low)',
      'tiny | slow',
      'cutoff',
      'seed',
    ])
      expect(stdout).toContain(name);
  });

  it('names a damaged file in output/failure and leaves with 65', async ({ expect }) => {
    const root = await trainingRoot();
    const file = join(root, 'input', 'data', 'weekly', 'market=FR', 'part-00000.parquet');
    await truncate(file, (await stat(file)).size - 10);
    const { code, stderr } = await run('train.ts', root);
    expect(code).toBe(EXIT_CODES.input);
    const reason = await failureOf(root);
    expect(reason).toMatch(/not a whole Parquet file .*market=FR\/part-00000\.parquet/);
    expect(reason).not.toMatch(/\n\s+at /);
    expect(stderr).toContain('"code":"DATA"');
    expect(await readdir(join(root, 'model'))).toEqual([]);
  });

  it('names all hyperparameters that are wrong at once and leaves with 65', async ({ expect }) => {
    const root = await trainingRoot({
      epoch: '3',
      rate: 'fast',
      epochs: '0',
      start: 'middle',
      seed: '-1',
      cutoff: 'soon',
    });
    const { code } = await run('train.ts', root);
    expect(code).toBe(EXIT_CODES.input);
    const reason = await failureOf(root);
    for (const told of [
      /epoch: .*did you mean epochs\?/,
      /rate: expected a number, found "fast"/,
      /epochs: /,
      /start: /,
      /seed: /,
      /cutoff: /,
    ])
      expect(reason).toMatch(told);
  });

  it('tells a cutoff after the data', async ({ expect }) => {
    const root = await trainingRoot({ cutoff: '2030-01-07' });
    expect((await run('train.ts', root)).code).toBe(EXIT_CODES.input);
    expect(await failureOf(root)).toMatch(/cutoff lies after the data; expected at most 2025-07-28/);
  });

  it('keeps the stack of a defect in the log, and leaves with 70', async ({ expect }) => {
    const root = await trainingRoot();
    const { code, stderr } = await run('train.ts', root, [], { SMOOTHING_DEFECT: '1' });
    expect(code).toBe(EXIT_CODES.internal);
    expect(stderr).toMatch(/"stack":"TypeError: cannot read what is not there\\n\s+at /);
    const reason = await failureOf(root);
    expect(reason).toBe('hemline has a defect: cannot read what is not there');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'saves a checkpoint at %s, and a second start ends with the model of an undisturbed run',
    async (signal) => {
      const hyperparameters = { epochs: '40', rate: '0.3' };
      const root = await trainingRoot(hyperparameters);
      const { child, ended } = start('train.ts', root, [], {
        SMOOTHING_DELAY: '100',
        HEMLINE_PROGRESS: 'json',
      });
      let log = '';
      while (!/"phase":"training","done":[3-9]/.test(log))
        log += String((await once(child.stderr!, 'data'))[0]);
      child.kill(signal);
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(EXIT_CODES.interrupted);
      const [checkpoint, ...others] = await readdir(join(root, 'checkpoints'));
      expect(others).toEqual([]);
      const step = Number(checkpoint!.split('-')[1]);
      expect(step).toBeGreaterThanOrEqual(3);
      expect(step).toBeLessThan(40);
      expect(await readdir(join(root, 'model'))).toEqual([]);
      expect(await failureOf(root)).toContain(
        `Start it again with these checkpoints: it goes on from step ${step}.`,
      );

      const undisturbed = await trainingRoot(hyperparameters);
      const [second, straight] = await Promise.all([run('train.ts', root), run('train.ts', undisturbed)]);
      expect(second.stderr).toContain(`resumed at epoch ${step}`);
      expect(straight.stderr).not.toContain('resumed at epoch');
      expect([second.code, straight.code]).toEqual([0, 0]);
      const cards = await Promise.all(
        [root, undisturbed].map(
          (each) => readJson(join(each, 'model', 'hemline.json')) as Promise<ArtifactCard>,
        ),
      );
      expect(cards[0]!.entries).toEqual(cards[1]!.entries);
      expect(cards[0]).toEqual(cards[1]);
      expect(await readdir(join(root, 'output'))).toEqual(['data']);
    },
  );
});
