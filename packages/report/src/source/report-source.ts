import type { ForecastCurves, QuantityName } from '@hemline/core';
import type { SegmentRow } from '@hemline/evaluation';
import type { QualityFinding } from '@hemline/runtime';
import type { KnownRun, Measurement } from '@hemline/runs';

/** How good a model was on weeks that it had not seen. */
export interface Evaluation {
  /** ISO date of the last week that it knew. */
  readonly cutoff: string;
  /** Weeks after it. */
  readonly horizon: number;
  readonly rows: number;
  /** Null where a metric could not be computed. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Empty where the evaluation was made before there were any. */
  readonly segments: readonly SegmentRow[];
  /** Of several cutoffs, whose mean the metrics are; their segments are the cutoffs. */
  readonly backtest?: {
    /** ISO dates, earliest first. */
    readonly cutoffs: readonly string[];
    /** Fits of each cutoff, averaged first. */
    readonly seeds: number;
    /** Standard deviation of each metric over the cutoffs (n − 1). */
    readonly spread: Readonly<Record<string, number>>;
  };
}

/** A version that was approved before the run: what the run's models have to beat. */
export interface Champion {
  readonly version: number;
  readonly run: string;
  /** Null: its evaluation is not at hand. Its weeks are its own, not those of this run. */
  readonly evaluation: Evaluation | null;
}

/** A row of a small table that a model left about itself. */
export type InsightRow = Readonly<Record<string, string | number | null>>;

/** What a run left of a model. */
export interface ReportModel {
  readonly model: string;
  readonly quantity: QuantityName;
  readonly evaluation: Evaluation | null;
  readonly champion: Champion | null;
  /** By name of the table. */
  readonly insights: Readonly<Record<string, readonly InsightRow[]>>;
  /** Folder of its forecasts, or `s3://…`; null: the run left none that can be reached. */
  readonly forecasts: string | null;
  /** How its curves are evaluated, where forecasts are curves; null of a model that has none. */
  readonly curves: ForecastCurves | null;
}

/** All that a report is made of. */
export interface ReportSource {
  readonly run: KnownRun;
  readonly models: readonly ReportModel[];
  readonly measurements: readonly Measurement[];
  /** Null: the run has not checked its data, or before findings were kept. */
  readonly quality: readonly QualityFinding[] | null;
  /** Rows by table; null likewise. */
  readonly dataRows: Readonly<Record<string, number>> | null;
  /** Null where the data is not a folder of this machine any more. */
  readonly dataset: { readonly directory: string; readonly descriptor: string | null } | null;
}
