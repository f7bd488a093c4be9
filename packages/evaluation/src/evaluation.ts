import type { AnyModel, FittedModel, Tables } from '@hemline/core';
import type { EvaluationWindow } from './window.ts';

/** What the comparisons of all quantities are given. */
export interface Evaluation {
  readonly model: AnyModel;
  readonly fitted: FittedModel;
  /** All there is, the window's own weeks included. */
  readonly tables: Tables;
  /** What the model may read: as of the cutoff, the tables it declares. */
  readonly history: Tables;
  readonly window: EvaluationWindow;
  readonly batchRows: number;
  readonly segment?: string;
  /** Whether to score by every dimension as well. */
  readonly allSegments: boolean;
  readonly signal?: AbortSignal;
}
