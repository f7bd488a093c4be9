import type { ForecastCurves, QuantityName } from '@hemline/core';
import type { SegmentRow } from '@hemline/evaluation';
import type { QualityFinding } from '@hemline/runtime';
import type { KnownRun, Measurement } from '@hemline/runs';
import type { Frontier } from './frontiers.ts';
import type { Monitoring } from './monitoring.ts';
import type { ForecastVersion, MetricLimit } from './version-facts.ts';

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
  /** The version that forecast in this run; null: none has. */
  readonly forecastBy: ForecastVersion | null;
  /** What a version must reach to be approved without a person. */
  readonly limits: readonly MetricLimit[];
  /** Folder of its forecasts, or `s3://…`; null: the run left none that can be reached. */
  readonly forecasts: string | null;
  /** How its curves are evaluated, where forecasts are curves; null of a model that has none. */
  readonly curves: ForecastCurves | null;
}

/** The run with forecasts of the same data before this one. */
export interface PreviousRun {
  readonly run: string;
  /** Version of each model that forecast; null where it was not registered. */
  readonly versions: ReadonlyMap<string, number | null>;
  /** Place of the forecasts of each model, where they can be reached. */
  readonly forecasts: ReadonlyMap<string, string>;
}

/** All that a report is made of. */
export interface ReportSource {
  readonly run: KnownRun;
  readonly models: readonly ReportModel[];
  /** Null: this is the first, or the run was not to forecast. */
  readonly previous: PreviousRun | null;
  /** What the run, or the latest monitoring of the same data, found; null: there is none. */
  readonly monitoring: Monitoring | null;
  /** Profit against the values of limits, as the run, or others by its forecasts, have traced it. */
  readonly frontiers: readonly Frontier[];
  /** Articles that somebody asked for. */
  readonly articles: readonly string[];
  readonly measurements: readonly Measurement[];
  /** Null: the run has not checked its data, or before findings were kept. */
  readonly quality: readonly QualityFinding[] | null;
  /** Rows by table; null likewise. */
  readonly dataRows: Readonly<Record<string, number>> | null;
  /** Null where the data is not a folder of this machine any more. */
  readonly dataset: { readonly directory: string; readonly descriptor: string | null } | null;
}
