import type { TensorBackend } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';

/** Windows of a batch, at most, where steps are few: many small steps learn more than a few large ones. */
const FALLBACK_BATCH = 64;
/** Windows of a batch, at least: smaller ones take as long. */
const LEAST_BATCH = 32;
/** Batches that a pass over the windows has, at least. */
const BATCHES_OF_A_PASS = 64;
/** Times that the held-out weeks are looked at in a pass over the windows, about, and steps between, at least. */
const [VALIDATIONS_OF_A_PASS, SHORTEST] = [4, 10];
/** Steps between looks, at most, as a share of those whose weights are averaged: averages change no faster. */
const LONGEST = 0.4;
/** Steps of a training that nothing tells when to stop, at least. */
const LEAST_BLIND = 100;
/** Share of the steps that the average of the weights reaches back over, at most. */
const AVERAGED = 3;

/** Networks that little data is learnt by, and the windows up to which it counts as that. */
const [MOST_MEMBERS, WINDOWS_OF_THREE] = [3, 10_000];

/** How a network is taken through its windows. */
export interface TrainingPace {
  readonly batchSize: number;
  /** Networks that are averaged. */
  readonly members: number;
  /** Steps at most. */
  readonly steps: number;
  /** Steps where nothing is held out that could tell when to stop: one pass over the windows, and enough of them. */
  readonly blindSteps: number;
  readonly warmUp: number;
  readonly averaging: number;
  /** Steps between looks at the held-out weeks. */
  readonly validateEvery: number;
}

/**
 * Little data is learnt in small batches and looked at often, so that a training ends when it has learnt, not after so many steps.
 * @param windows there are
 * @param hyperparameters at most
 * @returns the pace
 */
export function paceOf(
  windows: number,
  { batchSize: most, members, epochs, steps: limit, averaging, warmUp }: DemandHyperparameters,
): TrainingPace {
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, windows / BATCHES_OF_A_PASS)));
  const batchSize = Math.min(most, Math.max(LEAST_BATCH, fitting));
  const pass = windows / batchSize;
  const steps = Math.max(1, Math.min(limit, Math.round(epochs * pass)));
  return {
    batchSize,
    members: members > 0 ? members : windows <= WINDOWS_OF_THREE ? MOST_MEMBERS : 1,
    steps,
    blindSteps: Math.min(steps, Math.max(LEAST_BLIND, Math.round(pass))),
    warmUp: Math.min(warmUp, Math.ceil(steps / AVERAGED)),
    averaging: Math.min(averaging, Math.ceil(steps / AVERAGED)),
    validateEvery: Math.min(
      Math.max(SHORTEST, Math.round(Math.min(LONGEST * averaging, pass / VALIDATIONS_OF_A_PASS))),
      Math.ceil(steps / 2),
    ),
  };
}

/**
 * What a training can afford: on WebAssembly, which takes some 15 times as long, fewer steps of smaller batches.
 * @param hyperparameters as they were set
 * @param backend that computes
 * @returns those to train with
 */
export function affordable(
  hyperparameters: DemandHyperparameters,
  backend: TensorBackend,
): DemandHyperparameters {
  if (backend !== 'wasm') return hyperparameters;
  const { steps, batchSize, averaging, members, fallbackSteps } = hyperparameters;
  // All networks together have as many steps.
  const networks = Math.max(1, members);
  const few = Math.min(steps, Math.max(1, Math.floor(fallbackSteps / networks)));
  return {
    ...hyperparameters,
    members: networks,
    steps: few,
    batchSize: Math.min(batchSize, FALLBACK_BATCH),
    averaging: Math.min(averaging, Math.ceil(few / AVERAGED)),
  };
}
