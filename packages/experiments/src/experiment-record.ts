import { formatWeek } from '@hemline/core';
import { summariseScores, type FitMetrics } from '@hemline/evaluation';
import { encodeHyperparameters, type Dataset } from '@hemline/runtime';
import {
  openMlflow,
  readPrices,
  readRun,
  RunRecorder,
  type Outcome,
  type RunCode,
  type RunFacts,
  type StepResources,
  pricesFile,
  type Home,
  urlOf,
} from '@hemline/runs';
import type { ExperimentState } from './experiment-folder.ts';
import { unitStep, type ExperimentPlan, type Unit } from './plan.ts';
import type { Dropped, Ranking } from './rank-variants.ts';
import type { ExperimentListener } from './run-experiment.ts';
import type { UnitResult } from './units/unit-journal.ts';
import type { Variant } from './variant.ts';

/** What the records of an experiment are made from. */
export interface ExperimentRecordOptions {
  readonly home: Home;
  readonly plan: ExperimentPlan;
  readonly state: ExperimentState;
  readonly dataset: Dataset;
  /** What was started, for the records. */
  readonly command: readonly string[];
  /** Which code runs. */
  readonly code: RunCode;
  /** More of what was asked for, for the record of the experiment. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly mlflow: string | undefined;
  /** What a fit runs on. */
  readonly resources: StepResources;
}

/** What a fit took, as far as it is known. */
export interface FitCost {
  /** Most memory that its process has had so far. */
  readonly peakBytes: number | undefined;
  /** Where the platform bills another time than passed. */
  readonly billableSeconds: number | undefined;
}

/** A variant's record while the experiment runs. */
interface VariantRecord {
  readonly scores: (FitMetrics & { readonly rows: number })[];
  /** Units of an earlier start that the record may lack. */
  readonly reused: Unit[];
  recorder: Promise<RunRecorder> | null;
  /** Of a fit that another lane still had under way nothing is told any more. */
  hasEnded: boolean;
}

/**
 * Writes down an experiment as runs: one of its own, which names the others, and for each variant the one that a backtest of it would
 * have left. An interrupted experiment goes on with the same runs.
 */
export class ExperimentRecord implements ExperimentListener {
  readonly #options: ExperimentRecordOptions;
  readonly #recorder: RunRecorder;
  readonly #variants = new Map<string, VariantRecord>();

  private constructor(options: ExperimentRecordOptions, recorder: RunRecorder) {
    this.#options = options;
    this.#recorder = recorder;
    for (const { name } of options.plan.variants)
      this.#variants.set(name, { scores: [], reused: [], recorder: null, hasEnded: false });
  }

  /**
   * Begins the record, or goes on with it.
   * @param options of the experiment
   * @returns the record
   */
  static async open(options: ExperimentRecordOptions): Promise<ExperimentRecord> {
    const { plan, state, parameters } = options;
    const { name: experiment, metric, champion } = plan;
    const recorder = await openRun(options, state.run, 'experiment', {
      ...{ experiment, metric, champion, variants: String(plan.variants.length) },
      ...windowOf(plan),
      ...parameters,
    });
    for (const [variant, run] of Object.entries(state.runs))
      await recorder.addOutput({ name: variant, url: urlOf(options.home.runFolder(run)) });
    await recorder.stepStarted('fits');
    return new ExperimentRecord(options, recorder);
  }

  /** @param unit that begins */
  async unitStarted(unit: Unit): Promise<void> {
    if (this.#variants.get(unit.variant)!.hasEnded) return;
    const recorder = await this.#open(unit.variant);
    await recorder.stepStarted(unitStep(unit), this.#options.resources);
  }

  /**
   * @param unit that is finished
   * @param result of it
   * @param isReused whether an earlier start finished it
   * @param cost of it
   */
  async unitFinished(
    unit: Unit,
    { metrics, rows }: UnitResult,
    isReused: boolean,
    cost?: FitCost,
  ): Promise<void> {
    const { cutoff, seed, variant } = unit;
    const record = this.#variants.get(variant)!;
    record.scores.push({ cutoff, seed, metrics, rows });
    const { cutoffs, seeds } = this.#options.plan;
    // Decided before anything is waited for: another lane may finish a fit of the variant meanwhile.
    const isLast = record.scores.length === cutoffs.length * seeds.length;
    if (isReused) record.reused.push(unit);
    else {
      const recorder = await this.#open(variant);
      await Promise.all([
        cost?.peakBytes === undefined ? undefined : recorder.stepMemory(unitStep(unit), cost.peakBytes),
        recorder.stepFinished(unitStep(unit), cost?.billableSeconds ?? null),
      ]);
    }
    if (isLast) await this.#end(variant, 'succeeded');
  }

  /**
   * @param variant that is not tried any further
   * @param dropped why
   * @param error of its fit
   */
  async variantDropped(variant: string, dropped: Dropped, error?: unknown): Promise<void> {
    const recorder = await this.#open(variant);
    if (dropped.status === 'failed') await recorder.stepFailed(this.#meanStep(variant), error);
    else await recorder.addProblem(`stopped early: ${dropped.reason}`);
    await this.#end(variant, dropped.status === 'failed' ? 'failed' : 'interrupted');
  }

  /**
   * Ends the record of the experiment with its ranking.
   * @param ranking of the variants
   * @param result file of it
   */
  async finish(ranking: Ranking, result: string): Promise<void> {
    const recorder = this.#recorder;
    for (const { name, mean } of ranking.variants) if (mean !== null) await recorder.addMetrics(name, mean);
    const dropped = ranking.variants.filter(({ status }) => status !== 'finished');
    for (const { name, status, reason } of dropped) await recorder.addProblem(`${name} ${status}: ${reason}`);
    await recorder.addOutput({ name: 'result', url: urlOf(result) });
    await recorder.stepFinished('fits');
    const hasFailed = dropped.some(({ status }) => status === 'failed');
    await recorder.finish(hasFailed ? 'degraded' : 'succeeded');
  }

  /**
   * Ends all records that are open: the experiment did not come to its end.
   * @param error that ended it
   * @param isStopped whether it was asked to stop
   */
  async abandon(error: unknown, isStopped: boolean): Promise<void> {
    const outcome = isStopped ? 'interrupted' : 'failed';
    for (const { recorder } of this.#variants.values()) await (await recorder)?.finish(outcome);
    await this.#recorder.stepFailed('fits', error);
    await this.#recorder.finish(outcome);
  }

  #meanStep(variant: string): string {
    return `backtest ${this.#variantOf(variant).model}`;
  }

  #variantOf(name: string): Variant {
    return this.#options.plan.variants.find((each) => each.name === name)!;
  }

  /** Opened when there is something to tell: the records of variants that were finished before are left alone. */
  #open(name: string): Promise<RunRecorder> {
    const record = this.#variants.get(name)!;
    return (record.recorder ??= this.#begin(name));
  }

  async #begin(name: string): Promise<RunRecorder> {
    const { plan, state } = this.#options;
    const { model, hyperparameters } = this.#variantOf(name);
    const set = Object.entries(encodeHyperparameters(hyperparameters));
    return openRun(this.#options, state.runs[name]!, 'backtest', {
      ...{ model, ...windowOf(plan), experiment: plan.name, experimentRun: state.run },
      ...Object.fromEntries(set.map(([key, value]) => [`set.${key}`, value])),
    });
  }

  async #end(name: string, outcome: Outcome): Promise<void> {
    const record = this.#variants.get(name)!;
    record.hasEnded = true;
    const { home, state } = this.#options;
    if (record.recorder === null) {
      const known = await readRun(home.runFolder(state.runs[name]!));
      if (known?.record.state === outcome) return;
    }
    const recorder = await this.#open(name);
    for (const unit of record.reused) {
      const step = recorder.record.steps.find((each) => each.step === unitStep(unit));
      if (step?.state !== 'finished')
        await recorder.stepSkipped(unitStep(unit), 'an earlier start of the experiment has finished it');
    }
    for (const fit of record.scores)
      await recorder.addMetrics(unitStep(fit), { ...fit.metrics, rows: fit.rows });
    if (outcome === 'succeeded') {
      const { mean } = summariseScores(
        record.scores.toSorted((a, b) => a.cutoff - b.cutoff || a.seed - b.seed),
      );
      await recorder.addMetrics(this.#meanStep(name), mean);
    }
    await recorder.finish(outcome);
    record.recorder = null;
  }
}

async function openRun(
  { home, dataset, plan, mlflow, command, code }: ExperimentRecordOptions,
  run: string,
  kind: string,
  parameters: Readonly<Record<string, string>>,
): Promise<RunRecorder> {
  const directory = home.runFolder(run);
  const facts: RunFacts = {
    ...{ run, kind, parameters, command },
    code: { ...code, version: plan.code },
    prices: await readPrices(pricesFile(home)),
  };
  const recorder = await RunRecorder.open(directory, facts, openMlflow(directory, mlflow));
  const { name, fingerprint } = dataset;
  await recorder.addInput({ name, url: urlOf(dataset.directory), fingerprint });
  return recorder;
}

function windowOf({ cutoffs, horizon, seeds }: ExperimentPlan): Record<string, string> {
  return { cutoff: cutoffs.map(formatWeek).join(), horizon: String(horizon), seed: seeds.join() };
}
