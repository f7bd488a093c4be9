import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';

/** All that a training knows besides its options: with it, it goes on as if nothing had happened. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  weights: Float32Array;
  mean: Float32Array;
  square: Float32Array;
  average: Float32Array;
  /** The averaged weights that were best on the validation batches, and their loss; null before the first validation. */
  best: { readonly weights: Float32Array; readonly loss: number; readonly step: number } | null;
  /** The last validation loss that was better by a share worth it; null before the first validation. */
  gain: { readonly loss: number; readonly step: number } | null;
  /** Since when, and for how long, the learning rate falls; null before. */
  annealing: { readonly from: number; readonly steps: number } | null;
  /** Sum and number of the losses since the last report. */
  lossSum: number;
  lossCount: number;
}

const VECTORS = ['weights', 'mean', 'square', 'average'] as const;

/**
 * @param weights to begin with
 * @returns the state before the first step
 */
export function initialState(weights: Float32Array): TrainingState {
  return {
    step: 0,
    weights,
    mean: new Float32Array(weights.length),
    square: new Float32Array(weights.length),
    average: weights.slice(),
    best: null,
    gain: null,
    annealing: null,
    lossSum: 0,
    lossCount: 0,
  };
}

/**
 * @param state to save
 * @param artifact where to
 */
export async function saveState(state: TrainingState, artifact: ArtifactWriter): Promise<void> {
  const { step, best, gain, annealing, lossSum, lossCount } = state;
  for (const name of VECTORS) await artifact.writeBytes(name, bytesOf(state[name]));
  if (best !== null) await artifact.writeBytes('best', bytesOf(best.weights));
  await artifact.writeJson('state', {
    step,
    lossSum,
    lossCount,
    gain,
    annealing,
    best: best === null ? null : { loss: best.loss, step: best.step },
  });
}

/**
 * @param artifact where from
 * @param size numbers in each vector
 * @returns the state
 * @throws ArtifactError when an entry is missing, damaged, or of another network
 */
export async function loadState(artifact: ArtifactReader, size: number): Promise<TrainingState> {
  const saved = (await artifact.readJson('state')) as Omit<TrainingState, (typeof VECTORS)[number]>;
  const vector = async (name: string): Promise<Float32Array> => {
    const bytes = await artifact.readBytes(name);
    if (bytes.byteLength !== 4 * size)
      throw new ArtifactError('the weights are of another network', {
        expected: `${size} numbers`,
        found: `${bytes.byteLength / 4}`,
        where: { file: name },
        remedy: 'Remove the checkpoints and train anew.',
      });
    return new Float32Array(bytes.slice().buffer);
  };
  return {
    step: saved.step,
    lossSum: saved.lossSum,
    lossCount: saved.lossCount,
    gain: saved.gain,
    annealing: saved.annealing,
    weights: await vector('weights'),
    mean: await vector('mean'),
    square: await vector('square'),
    average: await vector('average'),
    best: saved.best === null ? null : { ...saved.best, weights: await vector('best') },
  };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
