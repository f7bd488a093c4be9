import { DataError, formatWeek, HemlineError, throwIfAborted } from '@hemline/core';
import type { FitMetrics } from '@hemline/evaluation';
import { findHopeless } from '@hemline/evaluation/comparison';
import { unitsOf, unitStep, type ExperimentPlan, type Unit } from './plan.ts';
import { rankVariants, type Dropped, type Ranking } from './rank-variants.ts';
import type { UnitJournal, UnitResult, UnitScores } from './units/unit-journal.ts';

/** What is told while an experiment runs; each is waited for. */
export interface ExperimentListener {
  /** A unit begins. */
  unitStarted?(unit: Unit): Promise<void>;
  /** A unit is in the journal: since now, or since an earlier start. */
  unitFinished?(unit: Unit, result: UnitResult, isReused: boolean): Promise<void>;
  /** A variant is not tried any further. */
  variantDropped?(variant: string, dropped: Dropped, error?: unknown): Promise<void>;
}

/** How an experiment is run. */
export interface ExperimentOptions {
  readonly journal: UnitJournal;
  /** Fits and scores; as many at once as `parallel` says. An error of it drops the variant, or ends the experiment. */
  readonly work: (unit: Unit, lane: number) => Promise<UnitScores>;
  /** Whether an error of the work says nothing of the variant, and ends the experiment; by default none does. */
  readonly endsAll?: (error: unknown) => boolean;
  readonly parallel: number;
  readonly listener?: ExperimentListener;
  readonly signal?: AbortSignal;
}

/** What an experiment came to. */
export interface ExperimentResult {
  readonly ranking: Ranking;
  /** Units that were fitted by this start. */
  readonly computed: number;
  /** Units that were in the journal. */
  readonly reused: number;
}

/**
 * Runs the units of a plan that are not in its journal yet, gives hopeless variants up where the plan says so, and ranks. Killed at any
 * moment it loses the units under way and no other; started again it comes to the same ranking, whatever the order in which units end.
 * @param plan of the experiment
 * @param options how to run it
 * @returns the ranking
 * @throws InterruptedError when the signal was raised; what is finished is kept
 * @throws DataError when the fits were made with different data or code
 */
export async function runExperiment(
  plan: ExperimentPlan,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  return new Race(plan, options).run();
}

class Race {
  readonly #plan: ExperimentPlan;
  readonly #options: ExperimentOptions;
  readonly #scores = new Map<string, FitMetrics[]>();
  readonly #dropped = new Map<string, Dropped>();
  #origin: UnitResult['origin'];
  #computed = 0;
  #reused = 0;

  constructor(plan: ExperimentPlan, options: ExperimentOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  async run(): Promise<ExperimentResult> {
    const { cutoffs, stopping } = this.#plan;
    const units = unitsOf(this.#plan);
    const finished = await this.#options.journal.finished(units);
    // Without a look between them, cutoffs need not wait for each other.
    const rounds = stopping === null ? [cutoffs] : cutoffs.map((cutoff) => [cutoff]);
    for (const [i, round] of rounds.entries()) {
      const left: Unit[] = [];
      for (const unit of units) {
        if (!round.includes(unit.cutoff) || this.#dropped.has(unit.variant)) continue;
        const result = finished.get(unit.key);
        if (result === undefined) left.push(unit);
        else await this.#take(unit, result, true);
      }
      await this.#work(left);
      const isLast = i === rounds.length - 1;
      if (stopping !== null && !isLast && i + 1 >= stopping.afterCutoffs) await this.#look(i + 1);
    }
    const ranking = rankVariants(this.#plan, this.#scores, this.#dropped);
    return { ranking, computed: this.#computed, reused: this.#reused };
  }

  /** Lanes take the next unit as they become free. */
  async #work(units: Unit[]): Promise<void> {
    const { parallel, signal, listener, work, journal, endsAll = () => false } = this.#options;
    let failure: { error: unknown } | null = null;
    const lane = async (number: number): Promise<void> => {
      for (let unit = units.shift(); unit !== undefined && failure === null; unit = units.shift()) {
        throwIfAborted(signal);
        if (this.#dropped.has(unit.variant)) continue;
        await listener?.unitStarted?.(unit);
        let scores: UnitScores;
        try {
          scores = await work(unit, number);
        } catch (error) {
          if ((error instanceof HemlineError && error.blame === 'interrupted') || endsAll(error)) throw error;
          await this.#drop(unit.variant, failureOf(unit, error), error);
          continue;
        }
        const result = await journal.commit(unit, scores);
        this.#computed += 1;
        // Another lane may have dropped it meanwhile; the result is kept for the next start.
        if (this.#dropped.has(unit.variant)) continue;
        await this.#take(unit, result, false);
      }
    };
    const lanes = Array.from({ length: Math.min(parallel, units.length) }, (_, number) =>
      lane(number).catch((error: unknown) => void (failure ??= { error })),
    );
    await Promise.all(lanes);
    if (failure !== null) throw (failure as { error: unknown }).error;
  }

  async #take(unit: Unit, result: UnitResult, isReused: boolean): Promise<void> {
    this.#checkOrigin(unit, result);
    if (isReused) this.#reused += 1;
    const { variant, cutoff, seed } = unit;
    const scores = this.#scores.get(variant) ?? [];
    this.#scores.set(variant, [...scores, { cutoff, seed, metrics: result.metrics }]);
    await this.#options.listener?.unitFinished?.(unit, result, isReused);
  }

  /** A journal knows data and code by what was asked for; whether the jobs were given the same is told by them alone. */
  #checkOrigin(unit: Unit, { origin }: UnitResult): void {
    if (origin === undefined) return;
    const { data, code } = (this.#origin ??= origin);
    if (origin.data === data && origin.code === code) return;
    const isCode = origin.data === data;
    throw new DataError(`the fits were made with different ${isCode ? 'code' : 'data'}`, {
      expected: isCode ? code : data,
      found: `${isCode ? origin.code : origin.data} for ${unit.variant} ${unitStep(unit)}`,
      remedy: isCode
        ? 'Name the image by a tag that never changes, or its digest.'
        : 'Leave the data alone while an experiment runs, and start it again: it begins anew.',
    });
  }

  async #drop(variant: string, dropped: Dropped, error?: unknown): Promise<void> {
    if (this.#dropped.has(variant)) return;
    this.#dropped.set(variant, dropped);
    await this.#options.listener?.variantDropped?.(variant, dropped, error);
  }

  /** The champion stays in the race to its end: the others are compared with it. */
  async #look(cutoffsSeen: number): Promise<void> {
    const { metric, champion, cutoffs, variants, stopping } = this.#plan;
    const { confidence, afterCutoffs } = stopping!;
    const ranking = rankVariants(this.#plan, this.#scores, this.#dropped);
    const contenders = ranking.variants
      .filter(({ status }) => status === 'finished')
      .map(({ name }) => ({ name, scores: this.#byCutoff(name, metric) }));
    const looks = cutoffs.length - afterCutoffs;
    for (const { name, leader, comparison } of findHopeless(contenders, {
      ...{ confidence, looks, contenders: variants.length },
    })) {
      if (name === champion) continue;
      const [low] = comparison.interval!;
      await this.#drop(name, {
        status: 'stopped',
        reason: `after ${cutoffsSeen} of ${cutoffs.length} cutoffs ${metric} was ${comparison.difference.toFixed(4)} above that of ${leader}, at least ${low.toFixed(4)} with ${confidence * 100} % confidence`,
      });
    }
  }

  #byCutoff(variant: string, metric: string): number[] {
    const { cutoffs } = this.#plan;
    return cutoffs.flatMap((cutoff) => {
      const values = this.#scores.get(variant)!.filter((each) => each.cutoff === cutoff);
      if (values.length === 0) return [];
      return [values.reduce((sum, { metrics }) => sum + metrics[metric]!, 0) / values.length];
    });
  }
}

function failureOf({ cutoff, seed }: Unit, error: unknown): Dropped {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'failed', reason: `at ${formatWeek(cutoff)} #${seed}: ${message}` };
}
