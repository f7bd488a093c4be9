import { ArtifactError, InterruptedError, type FittedModel } from '@hemline/core';
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

  it.each([3, 6, 8])(
    'stopped after %i steps and started again, ends with the same weights',
    async (stopAt) => {
      const wanted = await weightsOf(await fit());
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      let [member, done] = [-1, 0];
      const interrupted = fit({
        checkpoints,
        signal: stop.signal,
        onProgress: ({ phase, done: steps }: { phase: string; done: number }) => {
          if (!phase.startsWith('training')) return;
          if (steps === 0) member++;
          done = member * 6 + steps;
          if (done === stopAt) stop.abort();
        },
      });
      await expect(interrupted).rejects.toThrow(InterruptedError);
      const trained: number[] = [];
      const again = await fit({
        checkpoints,
        onProgress: ({ phase, done: steps }: { phase: string; done: number }) => {
          if (phase.startsWith('training')) trained.push(steps);
        },
      });
      expect(await weightsOf(again)).toEqual(wanted);
      // What was trained before is not trained again.
      expect(trained.length).toBeLessThan(2 * 7);
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
