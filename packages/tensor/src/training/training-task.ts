import type { ProgressEvent, SavedStates } from '@hemline/core';
import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from '../blocks/network-context.ts';
import type { ParameterLayout } from '../blocks/parameters.ts';
import type { AdamWOptions } from './adamw.ts';
import type { BatchParts, BatchSource, NamedTensors } from './batch-source.ts';
import type { HeldOutJudge } from './held-out-judge.ts';
import type { Annealing } from './learning-rate.ts';

/** What is learnt, of batches whose parts have the names; those that it is validated on may have others. */
export interface TrainingTask<Name extends string = string, Held extends string = Name> {
  readonly layout: ParameterLayout;
  /**
   * The loss of a batch: a scalar. It must do the same operations whatever the batch holds.
   */
  loss(context: NetworkContext, batch: NamedTensors<Name>): tfTypes.Tensor;
  /** The vector to begin with. */
  readonly initial: Float32Array;
  readonly batches: BatchSource<Name>;
  /** Batches that are not learnt from, always the same. */
  readonly validation?: readonly BatchParts<Held>[];
  /** What the validation batches are judged by; the mean of their losses by default, for which they need the parts of the others. */
  readonly judge?: HeldOutJudge<Held>;
}

/** How a training goes, told with each validation and in the end. */
export interface TrainingLoss {
  readonly step: number;
  /** Mean loss of the steps since the last time. */
  readonly training: number;
  /** The loss that is watched; null where there is nothing to validate on. */
  readonly validation: number | null;
  /** What the judge summed up over the validation batches. */
  readonly sums: Float64Array | null;
}

/** How it is learnt. */
export interface TrainingOptions {
  readonly steps: number;
  readonly learningRate: number;
  readonly warmUp: number;
  readonly adamW?: Partial<AdamWOptions>;
  /** Batches whose gradients are averaged to one step; 1 by default. */
  readonly accumulate?: number;
  /** Weights of about so many steps are averaged. */
  readonly averaging: number;
  /** Steps between validations, and reports of the loss of the training where there are no batches to validate on. */
  readonly validateEvery?: number;
  /** Validations without a better loss until the training ends early, or anneals where it is to. */
  readonly patience?: number;
  /** Share by which a loss must be better for it to count as better there; 0 by default. */
  readonly improvement?: number;
  /** Keep the learning rate until the validation has stalled, then let it fall from the best weights; a cosine over all steps by default. */
  readonly annealing?: Annealing;
  /** Steps between checkpoints. */
  readonly checkpointEvery?: number;
  readonly checkpoints?: SavedStates;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Told the mean loss of the steps since the last time, with each validation and in the end. */
  readonly onLoss?: (losses: TrainingLoss) => void;
  readonly phase?: string;
}

/** What came of a training. */
export interface TrainedNetwork {
  /** Averaged weights: the best on the validation batches, or the last. */
  readonly weights: Float32Array;
  readonly step: number;
  readonly validationLoss: number | null;
}
