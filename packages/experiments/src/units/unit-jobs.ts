import { setTimeout as pause } from 'node:timers/promises';
import { ArtifactError, ConflictError, HemlineError, InterruptedError } from '@hemline/core';
import { followJob, hasEnded, stopJob, type JobStatus, type SageMaker } from '@hemline/sagemaker/submit';
import { isQuotaExceeded } from '@hemline/sagemaker/aws';
import type { Store } from '@hemline/stores';
import type { UnitWorker, WorkerContext } from '../places/experiment-place.ts';
import { unitStep, type Unit } from '../plan.ts';
import type { UnitScores } from './unit-journal.ts';
import { unitJobName, unitJobPrefix, unitRequest, type UnitJobSettings } from './unit-request.ts';
import { readUnitScores } from './unit-scores.ts';

/** What jobs of an experiment are given. */
export interface UnitJobsOptions extends Pick<WorkerContext, 'signal' | 'onMemory' | 'onBilled' | 'say'> {
  readonly settings: UnitJobSettings;
  readonly sageMaker: SageMaker;
  /** The error of a job that failed or was stopped. */
  readonly failureOf: (status: JobStatus) => HemlineError;
  /** Folder of the experiment in S3. */
  readonly store: Store;
  /** Jobs of the experiment at the same time, whoever started them. */
  readonly most: number;
  readonly pollMilliseconds: number;
  /** Whether the jobs under way are told to stop when the signal is raised; else they go on. */
  readonly stopOnInterrupt: boolean;
}

/**
 * The fits of an experiment as jobs of SageMaker. What is known of them is in S3 and SageMaker alone: scores that are there are
 * fetched, a job that runs is waited for, and only what is neither is submitted, from whatever machine it is asked for.
 */
export class UnitJobs implements UnitWorker {
  readonly #options: UnitJobsOptions;
  /** Raised by what ends the experiment: nobody waits for jobs whose scores will not be ranked now. */
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  /** Jobs that may run, by name. */
  readonly #underWay = new Set<string>();
  /** Errors that a variant is blamed for. */
  readonly #failures = new WeakSet<HemlineError>();
  /** Submissions take turns: each counts the jobs before it. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options for all of them; nothing is submitted yet */
  constructor(options: UnitJobsOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#ended.signal]);
  }

  /**
   * Has a unit fitted and scored by a job.
   * @param unit to do
   * @returns its scores
   * @throws the error of `failureOf` when the job failed or was stopped
   * @throws InterruptedError when the signal was raised; the job goes on until {@link UnitJobs.close}
   */
  async run(unit: Unit): Promise<UnitScores> {
    try {
      return (await this.#fetch(unit)) ?? (await this.#work(unit));
    } catch (error) {
      if (this.endsAll(error)) this.#ended.abort();
      throw error;
    }
  }

  /** A variant is blamed for its jobs alone, not for credentials, quotas and connections. */
  endsAll(error: unknown): boolean {
    return !(error instanceof HemlineError && this.#failures.has(error));
  }

  /** Says which jobs go on, or tells them to stop where that was asked for. */
  async close(): Promise<void> {
    const { say, signal, stopOnInterrupt, sageMaker } = this.#options;
    const names = [...this.#underWay];
    if (names.length === 0) return;
    if (!signal.aborted || !stopOnInterrupt)
      return say(
        `These jobs go on, and the same command goes on with them:\n${names.join('\n')}\nStop one: hemline launch stop process NAME`,
      );
    say(`Telling these jobs to stop:\n${names.join('\n')}`);
    const stop = (name: string): Promise<void> =>
      stopJob(sageMaker, 'process', name).catch((error: unknown) =>
        say(`${name} could not be stopped, and may go on: ${(error as Error).message}`),
      );
    await Promise.all(names.map(stop));
  }

  #failureOf(status: JobStatus): HemlineError {
    const failure = this.#options.failureOf(status);
    this.#failures.add(failure);
    return failure;
  }

  async #work(unit: Unit): Promise<UnitScores> {
    const name = await this.#jobOf(unit);
    const status = await this.#follow(name);
    this.#underWay.delete(name);
    if (status.billableSeconds !== null) this.#options.onBilled(unit, status.billableSeconds);
    if (status.status !== 'Completed') throw this.#failureOf(status);
    const scores = await this.#fetch(unit);
    if (scores !== null) return scores;
    throw new ArtifactError(`the job ${name} is complete and left no scores`, {
      expected: this.#options.store.urlOf(`${unit.key}/scores.json`),
      found: 'nothing',
      remedy: 'Check that the image is of this version of hemline: its step backtest writes them.',
    });
  }

  async #fetch(unit: Unit): Promise<UnitScores | null> {
    const found = await readUnitScores(this.#options.store, unit);
    if (found !== null) this.#options.onMemory(unit, found.peakBytes);
    return found?.scores ?? null;
  }

  /** The job of a unit: one that runs since an earlier start, else a new one, after those that have ended without scores. */
  async #jobOf(unit: Unit): Promise<string> {
    const { settings, sageMaker, say } = this.#options;
    const what = `${unit.variant} ${unitStep(unit)}`;
    for (let attempt = 1; ; attempt++) {
      const name = unitJobName(settings, unit, attempt);
      const known = await sageMaker.jobs.find('process', name);
      // One that is complete may have left its scores since they were looked for.
      if (known?.status === 'Completed' && (await this.#fetch(unit)) !== null) return name;
      if (known !== null && (hasEnded(known) || known.status === 'Stopping')) continue;
      const isNew = known === null && (await this.#submit(unit, name));
      this.#underWay.add(name);
      say(isNew ? `${name} does ${what}` : `${name} does ${what} since an earlier start`);
      return name;
    }
  }

  /** @returns false when somebody else has submitted it meanwhile */
  #submit(unit: Unit, name: string): Promise<boolean> {
    const submission = this.#turn.then(async () => {
      const { sageMaker, settings, say } = this.#options;
      const job = unitRequest(settings, unit, name);
      for (let isTold = false; ; isTold = true) {
        await this.#room();
        // If this process dies while it asks, the next start finds the job by its name.
        this.#underWay.add(name);
        try {
          await sageMaker.jobs.submit(job);
          return true;
        } catch (error) {
          // Without an answer there may be a job all the same.
          if (!(error instanceof HemlineError) || !error.retryable) this.#underWay.delete(name);
          if (error instanceof ConflictError) return false;
          if (!isQuotaExceeded(error) || this.#underWay.size === 0) throw error;
          if (!isTold) say(`waiting for a job to end: ${(error as Error).message}`);
        }
        await this.#wait();
      }
    });
    this.#turn = submission.catch(() => undefined);
    return submission;
  }

  /** Waits until there may be one more job of the experiment; those that nobody here follows count as well. */
  async #room(): Promise<void> {
    const { sageMaker, settings, most } = this.#options;
    const prefix = unitJobPrefix(settings.experiment);
    const isOurs = new RegExp(`^${prefix}-[0-9a-f]{24}-\\d+$`);
    for (;;) {
      this.#throwIfEnded();
      const names = await sageMaker.jobs.processingInProgress(`${prefix}-`);
      if (names.filter((name) => isOurs.test(name)).length < most) return;
      await this.#wait();
    }
  }

  async #follow(name: string): Promise<JobStatus> {
    const { sageMaker, pollMilliseconds, say } = this.#options;
    const ignore = (): void => undefined;
    const status = await followJob(
      sageMaker.jobs,
      null,
      { kind: 'process', name },
      {
        ...{ signal: this.#signal, pollMilliseconds, onStatus: ignore, onLine: ignore },
        onFailure: (error) => say(`${name}: ${error.message}`),
      },
    );
    if (status !== null) return status;
    throw interrupted();
  }

  async #wait(): Promise<void> {
    const { pollMilliseconds } = this.#options;
    await pause(pollMilliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
    this.#throwIfEnded();
  }

  #throwIfEnded(): void {
    if (this.#signal.aborted) throw interrupted();
  }
}

function interrupted(): InterruptedError {
  return new InterruptedError('the experiment was asked to stop', {
    remedy: 'Start it again: finished fits are kept, jobs that go on are waited for.',
  });
}
