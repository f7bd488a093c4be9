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

/** Checkpoints in memory. */
async function weightsOf(fitted: FittedModel): Promise<Uint8Array[]> {
  const artifact = new MemoryArtifact();
  await fitted.save(artifact);
  fitted.dispose();
  return [await artifact.readBytes('weights-0'), await artifact.readBytes('weights-1')];
}

const fit = (parts: object = {}): Promise<FittedModel> =>
  model.fit({ cutoff, seed: 3, ...parts }, tables.asOf(cutoff), hyperparameters);

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
  it('gives different ones, the same in every run', async () => {
    const [first, second] = await weightsOf(await fit());
    expect(first).not.toEqual(second);
    expect(await weightsOf(await fit())).toEqual([first, second]);
  });

  // Two networks without the held-out weeks, then the same on all.
  it.each([
    [0, 3],
    [0, 6],
    [1, 2],
    [2, 1],
    [3, 2],
  ])(
    'stopped in leg %i after %i steps and started again, ends with the same weights',
    async (leg, stopAt) => {
      const held: FittedModel[] = [];
      const onHeldOut = async ({ fitted }: HeldOutFit): Promise<void> => void held.push(fitted);
      const wanted = await weightsOf(await fit({ onHeldOut }));
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      let current = -1;
      const interrupted = fit({
        checkpoints,
        signal: stop.signal,
        onProgress: ({ phase, done }: ProgressEvent) => {
          if (!phase.startsWith('training')) return;
          if (done === 0) current++;
          if (current === leg && done === stopAt) stop.abort();
        },
      });
      await expect(interrupted).rejects.toThrow(InterruptedError);
      expect(current).toBeLessThanOrEqual(leg + 1);
      const trained: string[] = [];
      const again = await fit({
        checkpoints,
        onHeldOut,
        onProgress: ({ phase, done }: ProgressEvent) => {
          if (phase.startsWith('training') && done === 0) trained.push(phase);
        },
      });
      expect(await weightsOf(again)).toEqual(wanted);
      // What was trained before is not trained again, and is told again.
      expect(trained.length).toBeLessThan(5 - leg);
      expect(held).toHaveLength(2);
      expect(held[1]!.metrics).toEqual(held[0]!.metrics);
    },
  );

  it('refuses weights that were cut', async () => {
    const artifact = new MemoryArtifact();
    const fitted = await fit();
    await fitted.save(artifact);
    fitted.dispose();
    const cut = new Proxy(artifact, {
      get: (target, name) =>
        name === 'readBytes'
          ? async (): Promise<Uint8Array> => new Uint8Array(12)
          : Reflect.get(target, name).bind(target),
    });
    await expect(model.load(cut)).rejects.toThrow(ArtifactError);
  });
});
