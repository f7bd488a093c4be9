import type { QuantityName } from '@hemline/core';
import type { Parameters } from '../declaration/declaration.ts';
import type { ApprovalStatus, ModelVersion } from '@hemline/runs';

/** What an execution carries from its first state on. */
export interface RunState {
  readonly run: string;
  readonly workflow: string;
  /** `s3://bucket/prefix/` of the dataset. */
  readonly data: string;
  readonly parameters: Parameters & { readonly cutoffs?: readonly string[] };
  /** ISO. */
  readonly startedAt: string;
  readonly deadlineAt: string;
  /** When this execution began: as part of a chain, later than the run. */
  readonly begunAt: string;
  /** The workflow that this one is a part of; null: of none. */
  readonly chain: string | null;
  /** Whether another execution started this one and tells about it. */
  readonly nested: boolean;
  /** Whether whoever started it has seen to it that nobody else is at the same work. */
  readonly alone: boolean;
  /** Run of the execution at the same work that this one has waited for; null: of none. */
  readonly after: string | null;
  /** Where the check of the data left what it found; null: it has not been checked. */
  readonly facts: { readonly uri: string } | null;
  /** What the training before it came to; null: there was none. */
  readonly training: { readonly outcome?: Summary; readonly failure?: Failure } | null;
  /** How often the check of the data has been started again. */
  readonly tries: { readonly check: { readonly count: number } };
  /** Why it will probably be late; null: it will not. */
  readonly late: string | null;
}

/** An error as Step Functions gives it to a Catch. */
export interface Failure {
  readonly Error: string;
  readonly Cause?: string;
}

/** What a check of the data leaves in `facts.json`. */
export interface DataFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly lastWeek: string;
  /** Place of each table below the dataset: `weekly/`, or `articles.parquet`. */
  readonly tables: Readonly<Record<string, string>>;
}

/** The dataset as jobs are given it. */
export interface DatasetPlan {
  readonly name: string;
  readonly fingerprint: string;
  readonly lastWeek: string;
  /** Key prefix of each table. */
  readonly tables: Readonly<Record<string, string>>;
  readonly descriptor: string;
}

/** What is planned for one model. */
export interface ModelPlan {
  readonly quantity: QuantityName;
  /** Last week of the data. */
  readonly latest: string;
  /** Week before the held-out ones, and how many these are. */
  readonly heldOut: { readonly cutoff: string; readonly horizon: string };
  /** Past cutoffs of a backtest. */
  readonly cutoffs: readonly { readonly cutoff: string; readonly horizon: string }[];
  /** The latest approved version, read once for the whole execution. */
  readonly approved: (PlannedVersion & Pick<ModelVersion, 'metrics'>) | null;
  /** The approved version before it, which forecasts where that one fails to. */
  readonly standIn:
    | (PlannedVersion & {
        /** Its main metric; null: not known. */
        readonly error: number | null;
      })
    | null;
}

/** What an execution carries of a version: a state has 256 kB for all models, and a history has no end. */
export type PlannedVersion = Pick<ModelVersion, 'model' | 'version' | 'artifact' | 'run' | 'cutoff'>;

/** What a model's branch ended with. */
export type BranchOutcome = {
  readonly model: string;
  readonly plan: ModelPlan;
  readonly failure?: Failure;
  readonly failed?: { readonly step: string };
  readonly cutoffs?: readonly BranchOutcome[];
  readonly each?: { readonly cutoff: string; readonly horizon: string };
} & Readonly<Record<string, unknown>>;

/** What came of registering a model. */
export interface Registered {
  readonly model: string;
  readonly quantity: QuantityName;
  readonly version: number | null;
  /** Null: nothing was registered. */
  readonly status: ApprovalStatus | null;
  /** Why it was not approved, or why there is no version. */
  readonly reasons: readonly string[];
  /** URI of the model. */
  readonly artifact?: string;
  /** Scores on the held-out weeks. */
  readonly scores: Scores | null;
  readonly failure?: Failure;
}

/** What an evaluation leaves in `metrics.json`, as far as it is read here. Values that are no numbers are null there. */
export interface Scores {
  readonly cutoff: string;
  readonly horizon: number;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** What came of a model in a workflow. */
export interface ModelSummary {
  readonly model: string;
  readonly quantity: QuantityName;
  /** Of its registration: version and status; null where it was not. */
  readonly registered: Pick<Registered, 'version' | 'status'> | null;
  /** URI of the model that was registered. */
  readonly artifact?: string;
  readonly scores: Scores | null;
  /** Scores at every cutoff of a backtest. */
  readonly backtest?: readonly Scores[];
  readonly forecast: ForecastFacts | null;
  /** The version that forecast. */
  readonly forecastBy:
    | (Pick<ModelVersion, 'version' | 'run' | 'cutoff' | 'artifact'> & {
        /** Its main metric on weeks that it had not seen; null: not known. */
        readonly error: number | null;
      })
    | null;
  /** The version that was to forecast and failed, where {@link forecastBy} stood in for it. */
  readonly insteadOf?: {
    readonly version: number;
    /** That trained it. */
    readonly run: string;
    readonly reason: string;
    /** Whether it lost its approval. */
    readonly rejected: boolean;
  };
  readonly problems: readonly string[];
}

/** What a forecast left. */
export interface ForecastFacts {
  /** URI of the folder. */
  readonly folder: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What pricing left. */
export interface RecommendationFacts extends ForecastFacts, PlannedGain {}

/** What the plans come to, of what the job leaves in `_summary.json`. */
export interface PlannedGain {
  readonly articles: number;
  /** Articles with a discount today, and of these with a plan other than to hold it. */
  readonly compared: number;
  readonly changed: number;
  readonly profit: number;
  /** Of the articles that are compared: planned, held, and the difference. */
  readonly comparedProfit: number;
  readonly heldProfit: number;
  readonly gain: number;
}

/** How a run ended: all well; all forecasts there, though not as they should be; something missing. */
export type RunStatus = 'complete' | 'fallback' | 'incomplete';

/** What a state carries of a set of forecasts; the rest is in files, for forty models do not fit into a state. */
export interface CompletedForecasts {
  readonly status: RunStatus;
  /** URI of the set. */
  readonly folder: string;
}

/** What an execution ends with. */
export interface Summary {
  readonly run: string;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly nested: boolean;
  /** For people. */
  readonly message: string;
  readonly dataset: DatasetPlan | null;
  readonly models: readonly ModelSummary[];
  /** Null: the workflow does not price, or has not come to it. */
  readonly recommendations: RecommendationFacts | null;
  /** Not of one model. */
  readonly problems: readonly string[];
  /** Told, though nothing failed. */
  readonly warnings: readonly string[];
  readonly startedAt: string;
  readonly begunAt: string;
  readonly endedAt: string;
  readonly deadlineAt: string;
}
