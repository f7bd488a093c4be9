import { join } from 'node:path';
import { formatWeek, HemlineError } from '@hemline/core';
import { readExperiment, runExperiment, unitsOf, type ExperimentPlan } from '@hemline/experiments';
import { RunLock } from '@hemline/runs/documents';
import { type DataOptions, type MlflowOption, openData } from '../commands/options.ts';
import { Home } from '@hemline/runs';
import { registryOf } from '@hemline/hemline';
import { type RegistryOptions } from '../commands/registry-options.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { changesOf, ExperimentFolder, factsOf, type ExperimentState } from './experiment-folder.ts';
import { ExperimentRecord } from './experiment-record.ts';
import { outcomeOf, readOutcome, writeOutcome, type ExperimentOutcome } from './experiment-result.ts';
import { FitProgress } from './fit-progress.ts';
import { machinePlace } from './machine-place.ts';
import { planExperiment } from './plan-experiment.ts';
import { rankingNotes, type RankingContext } from './ranking-text.ts';
import { sageMakerPlace, type SageMakerPlaceOptions } from './sagemaker-place.ts';

/** Options of `hemline experiment FILE`. */
export interface ExperimentCommandOptions
  extends DataOptions, MlflowOption, RegistryOptions, Omit<SageMakerPlaceOptions, 'instance'> {
  /** With it fits are jobs of SageMaker; without, processes of this machine. */
  readonly instance?: string;
}

/** What the command ends with. */
export interface ExperimentEnd {
  readonly outcome: ExperimentOutcome;
  /** Fits of this start. */
  readonly computed: number;
  /** Fits of earlier starts. */
  readonly reused: number;
}

const DAYS_OF_WEEK = 7;

/**
 * Runs an experiment, or goes on with one that was interrupted.
 * @param file of the experiment
 * @param options of the command line
 * @returns its result, which is also in its folder
 */
export async function runExperimentFile(
  file: string,
  options: ExperimentCommandOptions,
): Promise<ExperimentEnd> {
  const declaration = await readExperiment(file);
  const { instance } = options;
  const place =
    instance === undefined
      ? machinePlace(options)
      : sageMakerPlace(declaration.name, { ...options, instance });
  const dataset = await openData(options);
  const home = new Home();
  const signal = interruptSignal(place.notice);
  const bars = new ProgressBars();
  try {
    const decided = await planExperiment(
      declaration,
      dataset,
      await registryOf(options.registry),
      place.code,
    );
    const { plan, championSource } = decided;
    const parallel = place.parallel(decided.hasEngine);
    await place.check(plan);
    if (place.checksData) {
      await dataset.validate({ signal, onProgress: (event) => bars.update('validate', event) });
      bars.end('validate');
    }
    const folder = new ExperimentFolder(home, plan.name);
    folder.create();
    const lock = await RunLock.take(join(folder.directory, 'lock'), `experiment ${plan.name}`);
    try {
      const ended = await endedBefore(folder, plan);
      if (ended !== null) return { outcome: ended, computed: 0, reused: await finishedFits(folder, plan) };
      const state = await beginState(home, folder, plan, (text) => bars.log(text));
      const parameters = { file, parallel: String(parallel), ...place.parameters };
      const record = await ExperimentRecord.open({
        ...{ home, plan, state, dataset, parameters, mlflow: options.mlflow, resources: place.resources },
      });
      const progress = new FitProgress(bars, plan);
      const peaks = new Map<string, number>();
      const billed = new Map<string, number>();
      const worker = await place.open({
        ...{ plan, signal, log: join(folder.directory, 'fits.log') },
        onProgress: (unit, event) => bars.update(unit.variant, event),
        onMemory: (unit, peakBytes) => void peaks.set(unit.key, peakBytes),
        onBilled: (unit, seconds) => void billed.set(unit.key, seconds),
        say: (text) => bars.log(text),
      });
      try {
        const { ranking, ...counts } = await runExperiment(plan, {
          ...{ journal: folder.journal, parallel, signal },
          work: (unit, lane) => worker.run(unit, lane),
          endsAll: (error) => worker.endsAll(error),
          listener: {
            unitStarted: (unit) => record.unitStarted(unit),
            unitFinished: async (unit, result, isReused) => {
              progress.finished(unit.variant);
              const took = { peakBytes: peaks.get(unit.key), billableSeconds: billed.get(unit.key) };
              await record.unitFinished(unit, result, isReused, took);
            },
            variantDropped: async (variant, dropped, error) => {
              bars.log(`${variant} ${dropped.status} ${dropped.reason}`);
              progress.dropped(variant);
              await record.variantDropped(variant, dropped, error);
            },
          },
        });
        const context = contextOf(plan, championSource);
        const notes = rankingNotes(ranking, context);
        const { run, runs } = state;
        const { data, code } = plan;
        const outcome = outcomeOf(
          ranking,
          { ...context, notes },
          { run, runs, dataset: dataset.name, data, code },
        );
        await writeOutcome(folder.result, outcome);
        await record.finish(ranking, folder.result);
        await folder.keep({ ...state, finished: true });
        return { outcome, ...counts };
      } catch (error) {
        const isStopped = error instanceof HemlineError && error.blame === 'interrupted';
        await record.abandon(error, isStopped);
        throw error;
      } finally {
        await worker.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    bars.stop();
  }
}

/** The result of an earlier start, where nothing has changed since and nothing failed that could be tried again. */
async function endedBefore(
  folder: ExperimentFolder,
  plan: ExperimentPlan,
): Promise<ExperimentOutcome | null> {
  const state = await folder.state();
  if (state?.finished !== true || changesOf(state.facts, factsOf(plan)).length > 0) return null;
  const outcome = await readOutcome(folder.result);
  return outcome.variants.some(({ status }) => status === 'failed') ? null : outcome;
}

async function finishedFits({ journal }: ExperimentFolder, plan: ExperimentPlan): Promise<number> {
  return (await journal.finished(unitsOf(plan))).size;
}

/** An interrupted start goes on under its runs; what has changed since is said, and begins new ones. */
async function beginState(
  home: Home,
  folder: ExperimentFolder,
  plan: ExperimentPlan,
  log: (text: string) => void,
): Promise<ExperimentState> {
  const facts = factsOf(plan);
  const before = await folder.state();
  const changes = before === null ? [] : changesOf(before.facts, facts);
  if (before !== null && changes.length === 0) {
    log(`going on with experiment ${plan.name}`);
    return before;
  }
  if (changes.length > 0) {
    const isAnew = changes.includes('data') || changes.includes('code');
    log(
      `since the last start of experiment ${plan.name} ${changes.join(', ')} changed: ${isAnew ? 'every fit is made anew' : 'fits that are the same are kept'}`,
    );
  }
  const state: ExperimentState = {
    ...{ schema: 1, name: plan.name, finished: false, facts },
    run: home.newRun('experiment').run,
    runs: Object.fromEntries(plan.variants.map(({ name }) => [name, home.newRun('backtest').run])),
  };
  await folder.keep(state);
  return state;
}

function contextOf(plan: ExperimentPlan, championSource: string): RankingContext {
  const { cutoffs, seeds, horizon } = plan;
  const gaps = cutoffs.slice(1).map((cutoff, i) => (cutoff - cutoffs[i]!) / DAYS_OF_WEEK);
  return {
    ...{ championSource, seeds, horizon, cutoffs: cutoffs.map(formatWeek) },
    weeksApart: gaps.length === 0 ? null : Math.min(...gaps),
  };
}
