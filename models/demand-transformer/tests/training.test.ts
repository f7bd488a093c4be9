import {
  ArtifactError,
  InterruptedError,
  type FittedModel,
  type HeldOutFit,
  type ProgressEvent,
} from '@hemline/core';
import { MemoryArtifact, MemoryCheckpoints, syntheticTables } from '@hemline/evaluation/testing';
import { describe, expect, it } from 'vitest';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import model from '../src/model.ts';

// So many that the last weeks of each, which are looked at twice, take more steps than the latest stop.
const tables = syntheticTables({ articles: 20, weeks: 60 });
const cutoff = tables.lastWeek - 84;
const hyperparameters = demandHyperparameters.parse({
  ...DEMAND_PRESETS.tiny,
  epochs: 1000,
  members: 2,
  steps: 6,
  fineTuning: 0.7,
  checkpointEvery: 2,
});

async function saved(fitted: FittedModel): Promise<MemoryArtifact> {
  const artifact = new MemoryArtifact();
  await fitted.save(artifact);
  fitted.dispose();
  return artifact;
}

/** Of both networks. */
async function weightsIn(artifact: MemoryArtifact): Promise<Uint8Array[]> {
  return [await artifact.readBytes('weights-0'), await artifact.readBytes('weights-1')];
}

const weightsOf = async (fitted: FittedModel): Promise<Uint8Array[]> => weightsIn(await saved(fitted));

const fit = (parts: object = {}): Promise<FittedModel> =>
  model.fit({ cutoff, seed: 3, ...parts }, tables.asOf(cutoff), hyperparameters);

/** A training from beginning to end: what it saved and its weights, what it told of the held-out fit, its steps. */
async function run(): Promise<{
  readonly artifact: MemoryArtifact;
  readonly weights: readonly Uint8Array[];
  readonly held: FittedModel['metrics'];
  readonly steps: number;
}> {
  let held: FittedModel['metrics'] = {};
  let steps = 0;
  const fitted = await fit({
    onHeldOut: async (told: HeldOutFit) => void (held = told.fitted.metrics),
    onProgress: ({ phase, done }: ProgressEvent) => {
      if (phase.startsWith('training') && done > 0) steps++;
    },
  });
  const artifact = await saved(fitted);
  return { artifact, weights: await weightsIn(artifact), held, steps };
}

describe('data of a single market', () => {
  it('is learnt from: each article is seen once, so that none has a category', async () => {
    const single = syntheticTables({ articles: 20, markets: 1, weeks: 60 });
    const last = single.lastWeek - 84;
    const fitted = await model.fit({ cutoff: last, seed: 3 }, single.asOf(last), hyperparameters);
    expect(Number.isFinite(fitted.metrics['loss'])).toBe(true);
    fitted.dispose();
  });
});

describe('training several networks', () => {
  const uninterrupted = run();

  it('gives different ones, the same in every run', async () => {
    const [first, second] = (await uninterrupted).weights;
    expect(first).not.toEqual(second);
    expect(await weightsOf(await fit())).toEqual([first, second]);
  });

  // Two networks without the held-out weeks, then the same on all.
  it.each([
    [0, 3],
    [1, 2],
    [3, 2],
  ])(
    'stopped in leg %i after %i steps and started again, ends with the same weights',
    async (leg, stopAt) => {
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      let [current, stepsBefore] = [-1, 0];
      const interrupted = fit({
        checkpoints,
        signal: stop.signal,
        onProgress: ({ phase, done }: ProgressEvent) => {
          if (!phase.startsWith('training')) return;
          if (done === 0) current++;
          else stepsBefore++;
          if (current === leg && done === stopAt) stop.abort();
        },
      });
      await expect(interrupted).rejects.toThrow(InterruptedError);
      expect(current).toBe(leg);
      const trained: string[] = [];
      const metrics: FittedModel['metrics'][] = [];
      const again = await fit({
        checkpoints,
        onHeldOut: async ({ fitted }: HeldOutFit) => void metrics.push(fitted.metrics),
        onProgress: ({ phase, done }: ProgressEvent) => {
          if (phase.startsWith('training') && done > 0) trained.push(phase);
        },
      });
      expect(await weightsOf(again)).toEqual((await uninterrupted).weights);
      // What was trained before is not trained again, only told once more; what it came to without the held-out weeks is told all the same.
      expect(trained.length).toBeLessThanOrEqual((await uninterrupted).steps - stepsBefore + 1);
      expect(metrics).toEqual([(await uninterrupted).held]);
    },
  );

  it('refuses weights that were cut', async () => {
    const { artifact } = await uninterrupted;
    const cut = new Proxy(artifact, {
      get: (target, name) =>
        name === 'readBytes'
          ? async (): Promise<Uint8Array> => new Uint8Array(12)
          : Reflect.get(target, name).bind(target),
    });
    await expect(model.load(cut)).rejects.toThrow(ArtifactError);
  });
});
