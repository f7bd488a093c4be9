import type { ProgressEvent } from '@hemline/core';
import type { StepResources } from '@hemline/runs';
import type { ExperimentPlan, Unit } from '../plan.ts';
import type { UnitScores } from '../units/unit-journal.ts';

/** What does the fits of an experiment. */
export interface UnitWorker {
  /**
   * Fits and scores.
   * @param unit to do
   * @param lane whose turn it is; one unit at a time each
   * @returns the scores
   * @throws InterruptedError when the signal was raised
   */
  run(unit: Unit, lane: number): Promise<UnitScores>;
  /**
   * @param error of {@link UnitWorker.run}
   * @returns whether it says nothing of the variant: then the experiment ends with it
   */
  endsAll(error: unknown): boolean;
  /** Gives back what is held; says what goes on. */
  close(): void | Promise<void>;
}

/** What a worker is given besides the units. */
export interface WorkerContext {
  readonly plan: ExperimentPlan;
  /** File that takes what fits on this machine print. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onProgress: (unit: Unit, event: ProgressEvent) => void;
  readonly onMemory: (unit: Unit, peakBytes: number) => void;
  /** Told the seconds that the platform bills for the job of a unit. */
  readonly onBilled: (unit: Unit, seconds: number) => void;
  /** Takes a line for the person who waits. */
  readonly say: (text: string) => void;
}

/** Where the fits of an experiment are made: on this machine, or as jobs of SageMaker. */
export interface ExperimentPlace {
  /** What tells the code of the fits from other code. */
  readonly code: string;
  /** Whether the whole dataset is checked here before anything is fitted; else each job does it. */
  readonly checksData: boolean;
  /** What a fit runs on, for its record. */
  readonly resources: StepResources;
  /** For the record of the experiment. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * @param hasEngine whether a model has an engine, which takes all cores by itself
   * @returns fits at the same time
   */
  parallel(hasEngine: boolean): number;
  /**
   * Checks that every fit can be asked for, before any is.
   * @param plan of the experiment
   */
  check(plan: ExperimentPlan): Promise<void>;
  /**
   * @param context of the worker
   * @returns it; nothing is started yet
   */
  open(context: WorkerContext): Promise<UnitWorker>;
}
