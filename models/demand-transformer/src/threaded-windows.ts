import { sharedCopy, ThreadedBatches, type BatchSource } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';
import type { SeriesStore } from './series-store.ts';
import { TrainingWindows, type TrainingPart } from './training-windows.ts';
import type { WindowsData } from './window-thread.ts';
import type { Windows } from './windows.ts';

/** Steps that a training must have for a thread to pay: it takes a moment to start. */
const LEAST_STEPS = 100;

/** Batches of a training, and how to end what makes them. */
export interface TrainingBatches extends BatchSource<TrainingPart> {
  close(): Promise<void>;
}

/**
 * Draws the windows of a training in a thread of its own, ahead of the step that needs them; short trainings draw them on this one.
 * The windows are the same either way.
 * @param windows over shared memory, so that nothing is copied
 * @param hyperparameters batch size, dropout
 * @param seed any integer
 * @param steps of the training
 * @param signal of the job
 * @returns the batches; to be closed
 */
export function trainingBatches(
  windows: Windows,
  hyperparameters: DemandHyperparameters,
  seed: number,
  steps: number,
  signal?: AbortSignal,
): TrainingBatches {
  if (steps < LEAST_STEPS) {
    const drawn = new TrainingWindows(windows, hyperparameters, seed);
    return { next: (number) => drawn.next(number), close: () => Promise.resolve() };
  }
  const { keys, ...store } = windows.store;
  const data: WindowsData = {
    store,
    keys: Object.fromEntries(keys.columns),
    shape: windows.shape,
    hyperparameters,
    seed,
  };
  const module = new URL('./window-thread.ts', import.meta.url);
  return new ThreadedBatches({ module, data, count: steps, signal });
}

/**
 * @param store of a training
 * @returns the same over memory that threads share
 */
export function sharedStore({ keys, ...store }: SeriesStore): SeriesStore {
  return { ...sharedCopy(store), keys };
}
