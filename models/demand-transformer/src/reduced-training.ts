import type { TensorBackend } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';

/** Windows of a batch, at most, where steps are few: many small steps learn more than a few large ones. */
const BATCH_SIZE = 64;
/** Share of the steps that the average of the weights reaches back over, at most. */
const AVERAGED = 3;

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
  const few = Math.min(steps, Math.max(1, Math.floor(fallbackSteps / members)));
  return {
    ...hyperparameters,
    steps: few,
    batchSize: Math.min(batchSize, BATCH_SIZE),
    averaging: Math.min(averaging, Math.ceil(few / AVERAGED)),
  };
}
