import { join } from 'node:path';
import { formatWeek, HemlineError } from '@hemline/core';
import type { Home, ModelRegistry } from '@hemline/runs';
import { RunLock } from '@hemline/runs/documents';
import type { Declaration } from './declaration.ts';
import { changesOf, ExperimentFolder, factsOf, type ExperimentState } from './experiment-folder.ts';
import { ExperimentRecord, type ExperimentRecordOptions } from './experiment-record.ts';
import { outcomeOf, readOutcome, writeOutcome, type ExperimentOutcome } from './experiment-result.ts';
import type { KnownModels } from './find-champion.ts';
import { FitProgress, type ExperimentWatch } from './fit-progress.ts';
import type { ExperimentPlace, UnitWorker } from './places/experiment-place.ts';
import { planExperiment, type DecidedExperiment } from './plan-experiment.ts';
import { unitsOf, type ExperimentPlan } from './plan.ts';
import { rankingNotes, type RankingContext } from './ranking-notes.ts';
import { runExperiment } from './run-experiment.ts';

/** What an experiment is conducted with. */
export interface ConductOptions extends Pick<
  ExperimentRecordOptions,
  'home' | 'dataset' | 'command' | 'code' | 'mlflow' | 'parameters'
> {
  readonly place: ExperimentPlace;
  readonly registry: ModelRegistry;
  readonly models: KnownModels;
  readonly watch: ExperimentWatch;
  readonly signal: AbortSignal;
}

/** What an experiment ends with. */
export interface ExperimentEnd {
  readonly outcome: ExperimentOutcome;
  /** Fits of this start. */
  readonly computed: number;
  /** Fits of earlier starts. */
  readonly reused: number;
}

const DAYS_OF_WEEK = 7;

/**
 * Conducts an experiment from its declaration to its result, or goes on with one that was interrupted: decides the plan, has the fits
 * made at their place, keeps the records and the folder of the experiment.
 * @param declaration of the experiment
 * @param options place, data, registry, who is told
 * @returns its result, which is also in its folder
 * @throws InterruptedError when the signal was raised; what is finished is kept
 */
export async function conductExperiment(
  declaration: Declaration,
  options: ConductOptions,
): Promise<ExperimentEnd> {
  const { place, dataset, registry, models, watch, signal } = options;
  const decided = await planExperiment(declaration, dataset, registry, place.code, models);
  const { plan } = decided;
  const parallel = place.parallel(decided.hasEngine);
  await place.check(plan);
  if (place.checksData) {
    await dataset.validate({ signal, onProgress: (event) => watch.onProgress('validate', event) });
    watch.onDone('validate');
  }
  const folder = new ExperimentFolder(options.home, plan.name);
  folder.create();
  const lock = await RunLock.take(join(folder.directory, 'lock'), `experiment ${plan.name}`);
  try {
    const ended = await endedBefore(folder, plan);
    if (ended !== null) return { outcome: ended, computed: 0, reused: await finishedFits(folder, plan) };
    return await conductFits(folder, decided, parallel, options);
  } finally {
    await lock.release();
  }
}

async function conductFits(
  folder: ExperimentFolder,
  { plan, championSource }: DecidedExperiment,
  parallel: number,
  options: ConductOptions,
): Promise<ExperimentEnd> {
  const { place, dataset, home, watch, signal } = options;
  const state = await beginState(home, folder, plan, (text) => watch.onNotice(text));
  const parameters = { ...options.parameters, parallel: String(parallel), ...place.parameters };
  const record = await ExperimentRecord.open({
    ...options,
    ...{ plan, state, parameters, resources: place.resources },
  });
  const took: FitCosts = { peaks: new Map(), billed: new Map() };
  const worker = await place.open({
    ...{ plan, signal, log: join(folder.directory, 'fits.log') },
    onProgress: (unit, event) => watch.onProgress(unit.variant, event),
    onMemory: (unit, peakBytes) => void took.peaks.set(unit.key, peakBytes),
    onBilled: (unit, seconds) => void took.billed.set(unit.key, seconds),
    say: (text) => watch.onNotice(text),
  });
  try {
    const { ranking, ...counts } = await raceOf(plan, { worker, folder, record, took, parallel }, options);
    const context = contextOf(plan, championSource);
    const notes = rankingNotes(ranking, context);
    const { run, runs } = state;
    const { data, code } = plan;
    const facts = { run, runs, dataset: dataset.name, data, code };
    const outcome = outcomeOf(ranking, { ...context, notes }, facts);
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
}

/** What fits took, by the key of their unit. */
interface FitCosts {
  readonly peaks: Map<string, number>;
  readonly billed: Map<string, number>;
}

/** The fits themselves, with everything that happens told to record and watch. */
function raceOf(
  plan: ExperimentPlan,
  race: {
    readonly worker: UnitWorker;
    readonly folder: ExperimentFolder;
    readonly record: ExperimentRecord;
    readonly took: FitCosts;
    readonly parallel: number;
  },
  { watch, signal }: ConductOptions,
): ReturnType<typeof runExperiment> {
  const { worker, folder, record, took, parallel } = race;
  const progress = new FitProgress(watch, plan);
  return runExperiment(plan, {
    ...{ journal: folder.journal, parallel, signal },
    work: (unit, lane) => worker.run(unit, lane),
    endsAll: (error) => worker.endsAll(error),
    listener: {
      unitStarted: (unit) => record.unitStarted(unit),
      unitFinished: async (unit, result, isReused) => {
        progress.finished(unit.variant);
        const cost = { peakBytes: took.peaks.get(unit.key), billableSeconds: took.billed.get(unit.key) };
        await record.unitFinished(unit, result, isReused, cost);
      },
      variantDropped: async (variant, dropped, error) => {
        watch.onNotice(`${variant} ${dropped.status} ${dropped.reason}`);
        progress.dropped(variant);
        await record.variantDropped(variant, dropped, error);
      },
    },
  });
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
