import { ArtifactError, InterruptedError, type Batch, type FittedModel } from '@hemline/core';
import { MemoryArtifact, MemoryCheckpoints, syntheticTables } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import { RETURN_TREES_PRESETS, returnTreesHyperparameters } from '../src/hyperparameters.ts';
import model from '../src/model.ts';

const tables = syntheticTables({ articles: 40, weeks: 60 });
const cutoff = tables.lastWeek - 84;
const parse = (more: object = {}): ReturnType<typeof returnTreesHyperparameters.parse> =>
  returnTreesHyperparameters.parse({ ...RETURN_TREES_PRESETS.tiny, rounds: 12, checkpointEvery: 5, ...more });
const fit = (parts: object = {}, more: object = {}): Promise<FittedModel> =>
  model.fit({ cutoff, seed: 3, ...parts }, tables.asOf(cutoff), parse(more));

async function saved(fitted: FittedModel): Promise<MemoryArtifact> {
  const artifact = new MemoryArtifact();
  await fitted.save(artifact);
  return artifact;
}

/** The trees as text, but for the parameters: a training that goes on is told how many are left. */
async function treesOf(fitted: FittedModel): Promise<string> {
  const text = new TextDecoder().decode(await (await saved(fitted)).readBytes('trees'));
  return text.slice(0, text.indexOf('\nparameters:'));
}

describe('training', () => {
  test.each([
    [3, 0.2],
    [7, 0.2],
    [7, 0],
  ])(
    'stopped after %i trees and started again, ends with the same trees',
    async (stopAt, validationShare) => {
      const wanted = await treesOf(await fit({}, { validationShare }));
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      const interrupted = fit(
        {
          checkpoints,
          signal: stop.signal,
          onProgress: ({ phase, done }: { phase: string; done: number }) => {
            if (phase === 'training' && done === stopAt) stop.abort();
          },
        },
        { validationShare },
      );
      await expect(interrupted).rejects.toThrow(InterruptedError);
      expect(checkpoints.steps.at(-1)).toBe(stopAt);
      const trained: number[] = [];
      const again = await fit(
        {
          checkpoints,
          onProgress: ({ phase, done }: { phase: string; done: number }) => {
            if (phase === 'training') trained.push(done);
          },
        },
        { validationShare },
      );
      expect(trained[0]).toBe(stopAt + 1);
      expect(await treesOf(again)).toBe(wanted);
    },
  );

  test('does not depend on the number of threads', async () => {
    expect(await treesOf(await fit({}, { threads: 2 }))).toBe(await treesOf(await fit({}, { threads: 1 })));
  });

  test('stops when articles kept apart gain nothing any more', async () => {
    const { metrics } = await fit(
      {},
      { rounds: 2000, learningRate: 0.5, patience: 3, leafUnits: 1, validationShare: 0.3 },
    );
    expect(metrics['trees']).toBeLessThan(200);
    expect(metrics['logLoss']).toBeLessThan(Math.log(2));
  });

  test('tells what it has learnt', async () => {
    const { insights } = await fit();
    const importance = insights!['importance'] as Batch;
    const shap = importance.floats('meanShap');
    expect([...shap]).toEqual([...shap].toSorted((a, b) => b - a));
    expect(importance.strings('feature').dictionary).toContain('discount');
    const splits = importance.floats('splits').reduce((sum, count) => sum + count, 0);
    expect(splits).toBeGreaterThan(0);
    const effects = insights!['effects'] as Batch;
    expect(effects.floats('shap').every(Number.isFinite)).toBe(true);
  });

  test('refuses trees that were cut', async () => {
    const artifact = await saved(await fit());
    const whole = await artifact.readBytes('trees');
    const cut = new Proxy(artifact, {
      get: (target, name) =>
        name === 'readBytes'
          ? async (): Promise<Uint8Array> => whole.subarray(0, 400)
          : Reflect.get(target, name).bind(target),
    });
    await expect(model.load(cut)).rejects.toThrow(ArtifactError);
  });
});
