import type { ProcessingRequest } from './processing-request.ts';
import type { TrainingRequest } from './training-request.ts';

/** The two kinds of jobs. */
export type LaunchKind = 'train' | 'process';

/** A job, wherever it is to run. */
export type JobRequest =
  | { readonly kind: 'train'; readonly request: TrainingRequest }
  | { readonly kind: 'process'; readonly request: ProcessingRequest };
