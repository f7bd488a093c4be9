import type { Week } from '../weeks/week.ts';
import type { FittedModel } from './fitted-model.ts';

/** How far a long piece of work has come. */
export interface ProgressEvent {
  /** What is being done, two or three words: `reading weekly`. */
  readonly phase: string;
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
  /** What is counted: rows, rounds, partitions. */
  readonly unit: string;
}

/** A model that has not seen the last weeks before the cutoff of its training. */
export interface HeldOutFit {
  /** The last week that it has learnt from: the job's cutoff less the weeks held out. */
  readonly cutoff: Week;
  /** Usable as any fitted model until the callee returns; then the model in training disposes of it. */
  readonly fitted: FittedModel;
}
