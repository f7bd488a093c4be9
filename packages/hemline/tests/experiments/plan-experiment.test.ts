import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatWeek } from '@hemline/core';
import {
  experimentSchema,
  planExperiment,
  readPromotion,
  type DecidedExperiment,
  type Experiment,
} from '@hemline/experiments';
import { openDataset, writeArtifact, type Dataset } from '@hemline/runtime';
import { openRegistry, type ModelRegistry } from '@hemline/runs';
import { serveS3 } from '@hemline/sagemaker/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { simulate } from '../../src/data/simulate.ts';
import { loadModel, modelPackage } from '../../src/workspace.ts';

let folder: string;
let dataset: Dataset;
let registry: ModelRegistry;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-plan-'));
  await simulate({ out: join(folder, 'market'), articles: 10, markets: 1, weeks: 60 });
  dataset = await openDataset(join(folder, 'market/observed'));
  registry = await openRegistry(join(folder, 'registry'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const methods = { model: 'demand-naive', hyperparameters: { method: ['mean', 'seasonal'] } };

function plan(changes: Partial<Experiment> = {}, from = registry): Promise<DecidedExperiment> {
  const experiment = { name: 'methods', variants: [methods], cutoffs: { count: 2 }, ...changes };
  return planExperiment(experimentSchema.parse(experiment), dataset, from, 'code', {
    modelOf: loadModel,
    promotionOf: (model) => readPromotion(modelPackage(model).directory),
  });
}

/** A version as a training of these hyperparameters on a dataset would have left it. */
async function register(
  hyperparameters: object,
  status: 'approved' | 'pending',
  market: string,
): Promise<void> {
  const name = `${market}-${status}-${Object.values(hyperparameters).join('-')}`;
  const directory = join(folder, name);
  const facts = {
    cutoff: '2023-01-02',
    codeVersion: 'c',
    dataFingerprint: 'd',
    seed: 1,
    runId: name,
    metrics: {},
  };
  const model = { model: 'demand-naive', modelVersion: 1, quantity: 'demand' };
  await writeArtifact(
    directory,
    { ...facts, ...model, hyperparameters: { ...hyperparameters } },
    async (artifact) => artifact.writeJson('hyperparameters', hyperparameters),
  );
  await registry.register({
    ...{ model: 'demand-naive', artifact: pathToFileURL(directory).href, dataset: market, run: name },
    ...{ cutoff: '2023-01-02', metrics: {}, lineage: {}, status, reason: 'a test', by: 'test', token: name },
  });
}

describe('the champion', () => {
  test('is the default where nothing is known, and becomes a variant', async () => {
    const { plan: decided, championSource } = await plan();
    expect(championSource).toBe('defaults of the model');
    expect(decided.champion).toBe('demand-naive method=last');
    expect(decided.variants.map(({ name }) => name)).toEqual([
      'demand-naive method=mean',
      'demand-naive method=seasonal',
      'demand-naive method=last',
    ]);
  });

  test('is the latest approved version of the same data, and its variant where it is one', async () => {
    await register({ method: 'mean', window: 5, season: 52 }, 'approved', dataset.name);
    await register({ method: 'mean', window: 6, season: 52 }, 'pending', dataset.name);
    await register({ method: 'mean', window: 7, season: 52 }, 'approved', 'another market');
    const { plan: decided, championSource } = await plan();
    expect([decided.champion, championSource]).toEqual([
      'demand-naive method=mean window=5',
      'approved version 1',
    ]);
    const windows = { model: 'demand-naive', hyperparameters: { method: 'mean', window: [4, 5] } };
    const { plan: same } = await plan({ variants: [windows] });
    expect([same.champion, same.variants.length]).toEqual(['demand-naive window=5', 2]);
  });

  test('is what the file names', async () => {
    const champion = { model: 'demand-naive', preset: 'seasonal', hyperparameters: { season: 13 } };
    const { plan: decided, championSource } = await plan({ champion });
    expect([decided.champion, championSource]).toEqual([
      'demand-naive method=seasonal season=13',
      'named in the file',
    ]);
  });

  test('is fetched from S3, where its archive is', async () => {
    const hyperparameters = { method: 'mean', window: 9, season: 52 };
    await register(hyperparameters, 'pending', 'archived');
    const [directory] = (await readdir(folder)).filter((name) => name.startsWith('archived-'));
    const archive = join(folder, 'model.tar.gz');
    expect(spawnSync('tar', ['-czf', archive, '-C', join(folder, directory!), '.']).status).toBe(0);
    await cp(join(folder, 'registry'), join(folder, 'remote'), { recursive: true });
    const remote = await openRegistry(join(folder, 'remote'));
    const version = {
      model: 'demand-naive',
      dataset: dataset.name,
      run: 'r',
      cutoff: '2023-01-02',
      metrics: {},
    };
    const decision = { lineage: {}, status: 'approved', reason: 'good', by: 'test' } as const;
    const { environment, close } = await serveS3({ models: folder });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    try {
      await remote.register({ ...version, ...decision, artifact: 's3://models/model.tar.gz', token: 'r' });
      const { plan: decided, championSource } = await plan({}, remote);
      expect(decided.champion).toBe('demand-naive method=mean window=9');
      expect(championSource).toMatch(/^approved version \d+$/);
      await remote.register({ ...version, ...decision, artifact: 's3://models/gone.tar.gz', token: 's' });
      await expect(plan({}, remote)).rejects.toThrow(
        /artifact of a model is not there any more.*gone\.tar\.gz/s,
      );
    } finally {
      await close();
      vi.unstubAllEnvs();
    }
  });
});

test('cutoffs by number are the latest whose windows are in the data; others are sorted', async () => {
  const { plan: latest } = await plan({ horizon: 5 });
  const last = await dataset.lastKnownWeek();
  expect(latest.cutoffs).toEqual([last - 10 * 7, last - 5 * 7]);
  const named = [last - 14 * 7, last - 28 * 7].map(formatWeek);
  const { plan: sorted } = await plan({ cutoffs: named });
  expect(sorted.cutoffs.map(formatWeek)).toEqual(named.toReversed());
  expect([sorted.horizon, sorted.metric]).toEqual([8, 'demandError']);
});

test('what cannot be tried is told before anything is', async () => {
  const variants = (...models: string[]): Partial<Experiment> => ({
    variants: models.map((model) => ({ model })),
  });
  await expect(
    plan({ variants: [{ model: 'demand-naive', hyperparameters: { windw: 3 } }] }),
  ).rejects.toThrow(/windw: there is no such hyperparameter, did you mean window\?/);
  await expect(plan(variants('demand-naive', 'return-rate-average'))).rejects.toThrow(
    /models of one quantity/,
  );
  await expect(plan(variants('demand-naive', 'demand-naive'))).rejects.toThrow(/two variants are the same/);
  await expect(plan(variants('demand-nave'))).rejects.toThrow(/Did you mean demand-naive\?/);
  await expect(plan({ cutoffs: ['2023-01-18'] })).rejects.toThrow(/no week of the data/);
});
