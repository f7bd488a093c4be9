import type { Week } from '../weeks/week.ts';
import type { Checkpoints } from './artifact.ts';

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

/** What a model is told besides data and hyperparameters when it is trained. */
export interface TrainingJob {
  /** The last week the model may know. The tables hold nothing later. */
  readonly cutoff: Week;
  readonly seed: number;
  /** Raised when the job must stop: save a checkpoint, then throw InterruptedError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Reports a metric of the training, one that the model declares. */
  readonly onMetric?: (name: string, value: number) => void;
  readonly checkpoints?: Checkpoints;
}
