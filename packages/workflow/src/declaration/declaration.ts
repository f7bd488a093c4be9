import type { TableName } from '@hemline/core';
import type { Compute } from './compute.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelEntry } from './settings.ts';
import type { Workflow } from './workflow.ts';

/** All that is declared: which workflows, for which models, on which data, and when people are told. */
export interface Declaration {
  readonly workflows: readonly Workflow[];
  /** Models of the workflows: adding one is adding its name. */
  readonly models: readonly ModelEntry[];
  /** The models there are. */
  readonly catalog: readonly ModelFacts[];
  /** Tables that the datasets have; a job is given those of them that its model reads. */
  readonly tables: readonly TableName[];
  /** Values that an execution may give in its input. */
  readonly parameters: Parameters;
  readonly alerts: Alerts;
  /** What is special about the step that prices. */
  readonly pricing?: OptimiseSettings;
}

/** How forecasts are priced. Every part has a default. */
export interface OptimiseSettings {
  /** Its machine, in place of the default. */
  readonly compute?: Partial<Compute>;
  /** How often the job is started again that failed for a reason that may pass; 1 by default. */
  readonly retries?: number;
}

/** Parameters of an execution, as text, which is what jobs are given. */
export interface Parameters {
  readonly seed: string;
  /** Weeks ahead. */
  readonly horizon: string;
  /** Grid of discounts: `0:0.7:0.05`. */
  readonly discounts: string;
  /** Limits of prices: `s3://bucket/limits.yaml`, or `none`. */
  readonly limits: string;
  /** Store of the decisions about the dataset, whose manual prices stand: `s3://bucket/prefix`, or `none`. */
  readonly decisions: string;
  /** Share of the articles, from 0 to 1, whose discounts of the first week are drawn by lot around the plan. */
  readonly explore: string;
}

/** What stands for no file: a job's arguments cannot leave one out. */
export const NO_FILE = 'none';

/** When people are told. */
export interface Alerts {
  /** Hours after its begin by which a run has to be done. */
  readonly deadlineHours: number;
  /** Weeks by which an approved model may be older than the data before its use is told. */
  readonly staleAfterWeeks: number;
  /** Growth of a model's main error over that of the version before, as a fraction, that is told. */
  readonly errorDrift: number;
}

/** Alerts unless declared otherwise. */
export const DEFAULT_ALERTS: Alerts = { deadlineHours: 12, staleAfterWeeks: 2, errorDrift: 0.25 };

/** Parameters unless the execution's input says otherwise. */
export const DEFAULT_PARAMETERS: Parameters = {
  ...{ seed: '1', horizon: '26', discounts: '0:0.7:0.05' },
  ...{ limits: NO_FILE, decisions: NO_FILE, explore: '0' },
};
