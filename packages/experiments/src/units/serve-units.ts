import type { AnyModel } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { loadMembers, openDataset, type Dataset } from '@hemline/runtime';
import { serveTasks, type TellProgress } from '@hemline/runtime/processes';
import type { Unit } from '../plan.ts';
import type { UnitScores } from './unit-journal.ts';

/** What a process of an experiment is given first. */
export interface UnitData {
  readonly data: string;
  readonly descriptor: string | undefined;
}

/** Progress is looked at by people: more often is no use. */
const PROGRESS_MS = 200;

/**
 * All that a process of an experiment does: it fits and scores one unit after the other, as it is told over its channel, and keeps
 * nothing. Ends with the process that started it.
 * @param modelOf the definition of a model
 */
export function serveUnits(modelOf: (name: string) => Promise<AnyModel>): void {
  serveTasks<UnitData, Unit, UnitScores, Dataset>(
    ({ data, descriptor }) => openDataset(data, descriptor === undefined ? {} : { descriptor }),
    (unit, dataset, tell) => score(unit, dataset, modelOf, tell),
  );
}

async function score(
  { model, hyperparameters, cutoff, horizon, seed }: Unit,
  { tables }: Dataset,
  modelOf: (name: string) => Promise<AnyModel>,
  tell: TellProgress,
): Promise<UnitScores> {
  const started = performance.now();
  let told = 0;
  const definition = await modelOf(model);
  const { cutoffs } = await backtest(definition, tables, {
    members: await loadMembers(definition),
    cutoffs: [cutoff],
    seeds: [seed],
    ...{ horizon, hyperparameters },
    onProgress: (event) => {
      const now = performance.now();
      // That a backtest of one fit has one fit is known to those who asked for it.
      if (event.phase === 'backtest' || now - told < PROGRESS_MS) return;
      told = now;
      tell(event);
    },
  });
  const { rows, metrics } = cutoffs[0]!;
  return { rows, metrics: { ...metrics }, seconds: Math.round(performance.now() - started) / 1000 };
}
