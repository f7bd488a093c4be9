import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  defineModel,
  memberOf,
  type AnyModel,
  type FittedModel,
  type Members,
} from '@hemline/core';
import { openArtifact } from '../../src/artifacts/model-artifact.ts';
import { runProcessing } from '../../src/entrypoints/process.ts';
import { runTraining } from '../../src/entrypoints/train.ts';
import { importModel } from '../../src/members/import-model.ts';
import { loadMembers } from '../../src/members/load-members.ts';
import { fabricateProcessing, fabricateTraining, freshRoot } from '../fixtures/fabricate-root.ts';
import { smoothing } from '../fixtures/smoothing-model.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

const WEEKLY = { required: ['article', 'market', 'week', 'demand'], optional: ['uncensored'] };

/** Forecasts what its one member does: the least that a model with members is. */
const passing: AnyModel = defineModel({
  ...smoothing,
  name: 'passing',
  curves: undefined,
  trainingMetrics: [],
  members: ['demand-naive'],
  inputs: { fit: { weekly: WEEKLY }, predict: { weekly: WEEKLY } },
  fit: async (job, tables) => {
    const member = memberOf(passing, job.members, 'demand-naive');
    return passOn(await member.fit(job, tables, member.hyperparameters.parse({})));
  },
  load: async (artifact, members?: Members) =>
    passOn(await memberOf(passing, members, 'demand-naive').load(artifact.nested('demand-naive'), members)),
});

function passOn(member: FittedModel): FittedModel {
  return {
    metrics: {},
    predict: (request) => member.predict(request),
    save: (artifact) => member.save(artifact.nested('demand-naive')),
    dispose: () => member.dispose(),
  };
}

const nothing = (): void => undefined;
const telemetry = {
  ...{ info: nothing, warn: nothing, error: nothing, progress: nothing, metric: nothing, close: nothing },
};

describe('members by name', () => {
  it('are the default exports of their packages', async () => {
    expect((await importModel('demand-naive')).name).toBe('demand-naive');
    expect([...(await loadMembers(passing)).keys()]).toEqual(['demand-naive']);
    expect(await loadMembers(smoothing)).toEqual(new Map());
  });

  it('that are no packages, or no models, are told with the remedy', async () => {
    await expect(importModel('demand-oracle')).rejects.toThrow(
      /demand-oracle cannot be loaded.*found no package @hemline\/demand-oracle.*dependencies in the package\.json/,
    );
    await expect(importModel('demand-oracle')).rejects.toBeInstanceOf(ConfigurationError);
    await expect(importModel('core')).rejects.toThrow(/whose default export is no model/);
  });

  it('are handed to a training and to a forecast, and have a part of the model folder', async () => {
    const root = await freshRoot();
    roots.push(root);
    await fabricateTraining(root, {});
    const { signal } = new AbortController();
    const environment = { SAGEMAKER_BASE_DIR: root };
    await runTraining(passing, { environment, signal, telemetry });
    const { card } = await openArtifact(join(root, 'model'), passing);
    expect(card.entries.map(({ file }) => file)).toEqual(['demand-naive/hyperparameters.json']);
    const job = await freshRoot();
    roots.push(job);
    fabricateProcessing(job, { inputs: { model: {}, weekly: {} }, outputs: ['forecast'] });
    const input = join(job, 'processing', 'input');
    await cp(join(root, 'model'), join(input, 'model'), { recursive: true });
    await cp(join(root, 'input', 'data', 'weekly'), join(input, 'weekly'), { recursive: true });
    await runProcessing(passing, ['--step', 'forecast', '--horizon', '2', '--discounts', '0'], {
      environment: { SAGEMAKER_BASE_DIR: job },
      signal,
      telemetry,
    });
    const files = await readdir(join(job, 'processing', 'output', 'forecast'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.parquet'))).toHaveLength(2);
  });
});
