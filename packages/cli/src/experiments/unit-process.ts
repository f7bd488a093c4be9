// A process of an experiment: fits and scores one unit after the other, and keeps nothing. The experiment's own process starts it.
import { packError } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { openDataset, type Dataset } from '@hemline/runtime';
import type { Unit, UnitScores } from '@hemline/experiments';
import { loadModel } from '@hemline/hemline';
import type { FromUnitProcess, ToUnitProcess } from './unit-messages.ts';

/** Progress is looked at by people: more often is no use. */
const PROGRESS_MS = 200;

let dataset: Promise<Dataset>;

// A terminal signals the whole group: whether and when to end is decided by the process that started this one.
process.on('SIGINT', () => undefined);
// It was killed: nobody waits for the result.
process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToUnitProcess) => {
  if (message.kind === 'open') {
    const { data, descriptor } = message;
    dataset = openDataset(data, descriptor === undefined ? {} : { descriptor });
    // Told with the first unit.
    dataset.catch(() => undefined);
    return;
  }
  score(message.unit).then(
    (scores) => tell({ kind: 'done', scores, peakBytes: process.resourceUsage().maxRSS * 1024 }),
    (error: unknown) => tell({ kind: 'failed', error: packError(error) }),
  );
});

async function score(unit: Unit): Promise<UnitScores> {
  const { model, hyperparameters, cutoff, horizon, seed } = unit;
  const started = performance.now();
  let told = 0;
  const { cutoffs } = await backtest(await loadModel(model), (await dataset).tables, {
    cutoffs: [cutoff],
    seeds: [seed],
    ...{ horizon, hyperparameters },
    onProgress: (event) => {
      const now = performance.now();
      // That a backtest of one fit has one fit is known to those who asked for it.
      if (event.phase === 'backtest' || now - told < PROGRESS_MS) return;
      told = now;
      tell({ kind: 'progress', event });
    },
  });
  const { rows, metrics } = cutoffs[0]!;
  return { rows, metrics: { ...metrics }, seconds: Math.round(performance.now() - started) / 1000 };
}

function tell(message: FromUnitProcess): void {
  process.send!(message);
}
