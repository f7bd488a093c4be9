import { Batch, stringsToColumn } from '@hemline/core';
import { ThreadedBatches } from '@hemline/tensor';
import { expect, it } from 'vitest';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import type { SeriesStore } from '../src/series-store.ts';
import { sharedStore, trainingBatches } from '../src/threaded-windows.ts';
import { TrainingWindows } from '../src/training-windows.ts';
import { Windows } from '../src/windows.ts';

const [SERIES, WEEKS] = [5, 40];
const ROWS = SERIES * WEEKS;
const hyperparameters = demandHyperparameters.parse(DEMAND_PRESETS.tiny);
const waves = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i));

const store: SeriesStore = {
  keys: new Batch({
    article: stringsToColumn(['e', 'a', 'c', 'b', 'd']),
    market: stringsToColumn(['DE', 'FR', 'DE', 'DE', 'FR']),
  }),
  offsets: Uint32Array.from({ length: SERIES + 1 }, (_, i) => i * WEEKS),
  weeks: Int32Array.from({ length: ROWS }, (_, row) => 19_000 + 7 * (row % WEEKS)),
  logDemand: waves(ROWS).map((value, row) => (row % 11 === 0 ? NaN : 2 + value)),
  imputed: Uint8Array.from({ length: ROWS }, (_, row) => Number(row % 5 === 0)),
  blackPrice: waves(ROWS).map((value) => 30 + value),
  discount: waves(ROWS).map((value) => 0.2 + 0.1 * value),
  planned: waves(2 * ROWS),
  plannedWidth: 2,
  past: waves(ROWS),
  pastWidth: 1,
  codes: Int32Array.from({ length: 2 * SERIES }, (_, i) => 1 + (i % 3)),
  codesWidth: 2,
  statics: waves(3 * SERIES),
  staticsWidth: 3,
  prior: waves(SERIES),
};

it('draws the same windows in a thread as on this one', async () => {
  const shape = { historyWeeks: 12, horizon: 26, scaleWeeks: 26, priorWeeks: 2 };
  const here = new TrainingWindows(new Windows(store, shape), hyperparameters, 4);
  const windows = new Windows(sharedStore(store), shape);
  expect(windows.store.past.buffer).toBeInstanceOf(SharedArrayBuffer);
  const long = trainingBatches(windows, hyperparameters, 4, 1000);
  const short = trainingBatches(windows, hyperparameters, 4, 10);
  try {
    expect(long).toBeInstanceOf(ThreadedBatches);
    expect(short).not.toBeInstanceOf(ThreadedBatches);
    for (const number of [0, 1, 2, 9]) {
      const wanted = await here.next(number);
      expect(await long.next(number)).toEqual(wanted);
      expect(await short.next(number)).toEqual(wanted);
    }
  } finally {
    await Promise.all([long.close(), short.close()]);
  }
});
