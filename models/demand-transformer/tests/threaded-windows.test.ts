import { ThreadedBatches } from '@hemline/tensor';
import { expect, it } from 'vitest';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import { sharedStore, trainingBatches } from '../src/threaded-windows.ts';
import { TrainingWindows } from '../src/training-windows.ts';
import { Windows } from '../src/windows.ts';
import { store } from './wave-store.ts';

const hyperparameters = demandHyperparameters.parse(DEMAND_PRESETS.tiny);

it.each([undefined, store.weeks.at(-1)! - 70])(
  'draws the same windows in a thread as on this one (known until %s)',
  async (known) => {
    const shape = { historyWeeks: 12, horizon: 26, scaleWeeks: 26, priorWeeks: 2 };
    const here = new TrainingWindows(new Windows(store, shape), hyperparameters, 4, known);
    const windows = new Windows(sharedStore(store), shape);
    expect(windows.store.past.buffer).toBeInstanceOf(SharedArrayBuffer);
    const long = trainingBatches({ windows, seed: 4, known }, hyperparameters, 1000);
    const short = trainingBatches({ windows, seed: 4, known }, hyperparameters, 10);
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
  },
);
