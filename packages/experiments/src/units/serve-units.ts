import { packError, type AnyModel, type PackedError, type ProgressEvent } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { loadMembers, openDataset, peakMemoryBytes, type Dataset } from '@hemline/runtime';
import type { Unit } from '../plan.ts';
import type { UnitScores } from './unit-journal.ts';

/** What a process of an experiment is told. */
export type ToUnitProcess =
  | { readonly kind: 'open'; readonly data: string; readonly descriptor: string | undefined }
  | { readonly kind: 'unit'; readonly unit: Unit };

/** What it answers. */
export type FromUnitProcess =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'done'; readonly scores: UnitScores; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly error: PackedError };

/** Progress is looked at by people: more often is no use. */
const PROGRESS_MS = 200;

/**
 * All that a process of an experiment does: it fits and scores one unit after the other, as it is told over its channel, and keeps
 * nothing. Ends with the process that started it.
 * @param modelOf the definition of a model
 */
export function serveUnits(modelOf: (name: string) => Promise<AnyModel>): void {
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
    score(message.unit, dataset, modelOf).then(
      (scores) => tell({ kind: 'done', scores, peakBytes: peakMemoryBytes() }),
      (error: unknown) => tell({ kind: 'failed', error: packError(error) }),
    );
  });
}

async function score(
  { model, hyperparameters, cutoff, horizon, seed }: Unit,
  dataset: Promise<Dataset>,
  modelOf: (name: string) => Promise<AnyModel>,
): Promise<UnitScores> {
  const started = performance.now();
  let told = 0;
  const definition = await modelOf(model);
  const { cutoffs } = await backtest(definition, (await dataset).tables, {
    members: await loadMembers(definition),
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
