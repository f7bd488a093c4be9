import { Batch, type Column } from '@hemline/core';
import type { BatchSource } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';
import type { SeriesStore } from './series-store.ts';
import { TrainingWindows, type TrainingPart } from './training-windows.ts';
import { Windows, type WindowShape } from './windows.ts';

/** All that training windows are drawn from, as plain data: what a thread is handed. */
export interface WindowsData {
  readonly store: Omit<SeriesStore, 'keys'>;
  readonly keys: Readonly<Record<string, Column>>;
  readonly shape: WindowShape;
  readonly hyperparameters: DemandHyperparameters;
  readonly seed: number;
}

/**
 * What the thread runs.
 * @param data as it was handed over
 * @returns the batches
 */
export default function windowsOf({
  store,
  keys,
  shape,
  hyperparameters,
  seed,
}: WindowsData): BatchSource<TrainingPart> {
  return new TrainingWindows(new Windows({ ...store, keys: new Batch(keys) }, shape), hyperparameters, seed);
}
