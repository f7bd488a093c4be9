import { Batch, type Column, type Week } from '@hemline/core';
import { sharedCopy, ThreadedBatches, type BatchSource } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';
import type { SeriesStore } from './series-store.ts';
import { TrainingWindows, type TrainingPart } from './training-windows.ts';
import { Windows, type WindowShape } from './windows.ts';

/** Steps that a training must have for a thread to pay: it takes a moment to start. */
const LEAST_STEPS = 100;

/** All that training windows are drawn from, as plain data: what a thread is handed. */
interface WindowsData {
  readonly store: Omit<SeriesStore, 'keys'>;
  readonly keys: Readonly<Record<string, Column>>;
  readonly shape: WindowShape;
  readonly hyperparameters: DemandHyperparameters;
  readonly seed: number;
  readonly known: Week | undefined;
}

/** What windows are drawn from. */
export interface WindowSource {
  /** Over shared memory, so that nothing is copied. */
  readonly windows: Windows;
  /** Any integer. */
  readonly seed: number;
  /** Windows that look at weeks after this one are drawn more often. */
  readonly known?: Week;
}

/** Batches of a training, and how to end what makes them. */
export interface TrainingBatches extends BatchSource<TrainingPart> {
  close(): Promise<void>;
}

/**
 * Draws the windows of a training in a thread of its own, ahead of the step that needs them; short trainings draw them on this one.
 * The windows are the same either way.
 * @param source windows, seed
 * @param source.windows to draw from
 * @param source.seed of the training
 * @param source.known the last week that was learnt before
 * @param hyperparameters batch size, dropout
 * @param steps of the training
 * @param signal of the job
 * @returns the batches; to be closed
 */
export function trainingBatches(
  { windows, seed, known }: WindowSource,
  hyperparameters: DemandHyperparameters,
  steps: number,
  signal?: AbortSignal,
): TrainingBatches {
  if (steps < LEAST_STEPS) {
    const drawn = new TrainingWindows(windows, hyperparameters, seed, known);
    return { next: (number) => drawn.next(number), close: () => Promise.resolve() };
  }
  const { keys, ...store } = windows.store;
  const data: WindowsData = {
    store,
    keys: Object.fromEntries(keys.columns),
    shape: windows.shape,
    hyperparameters,
    seed,
    known,
  };
  return new ThreadedBatches({
    module: new URL('./threaded-windows.ts', import.meta.url),
    data,
    count: steps,
    signal,
  });
}

/**
 * What the thread runs, of this same module.
 * @param data as it was handed over
 * @returns the batches
 */
export default function windowsOf({
  store,
  keys,
  shape,
  hyperparameters,
  seed,
  known,
}: WindowsData): BatchSource<TrainingPart> {
  const windows = new Windows({ ...store, keys: new Batch(keys) }, shape);
  return new TrainingWindows(windows, hyperparameters, seed, known);
}

/**
 * @param store of a training
 * @returns the same over memory that threads share
 */
export function sharedStore({ keys, ...store }: SeriesStore): SeriesStore {
  return { ...sharedCopy(store), keys };
}
