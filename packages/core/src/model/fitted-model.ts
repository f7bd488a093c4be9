import type { Batch } from '../batch/batch.ts';
import type { ArtifactWriter } from './artifact.ts';
import type { CurveRequest, ForecastRequest } from './forecast-request.ts';

/** A model after `fit` or `load`. */
export interface FittedModel {
  /** Metrics of the fit, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What it has learnt, as small tables for people and reports: importances, effects. Written beside the scores. */
  readonly insights?: Readonly<Record<string, Batch>>;
  /**
   * Forecasts, in batches of at most `batchRows` rows, with the columns of the definition's `output`. For item-grain
   * quantities in the order of the items; for `planned` scenarios in the order of their rows.
   */
  predict(request: ForecastRequest): AsyncIterable<Batch>;
  /**
   * Forecasts as curves, in batches of at most `batchRows` rows, with the columns of the definition's `curves.output`. Of models
   * that declare curves, and of no others.
   */
  curves?(request: CurveRequest): AsyncIterable<Batch>;
  save(artifact: ArtifactWriter): Promise<void>;
  /** Frees what is not garbage-collected. May be called twice. */
  dispose(): void;
}
