import type { ModelRegistry } from '@hemline/runs';

/** Small files of a run, by URI: in S3, or in the folders that stand for it. */
export interface RunFiles {
  /** @returns the text, or null where there is none */
  read(uri: string): Promise<string | null>;
  write(uri: string, text: string): Promise<void>;
  /** Writes only where there is nothing yet. @returns whether it did */
  writeIfAbsent(uri: string, text: string): Promise<boolean>;
  /** @returns URIs that begin with the prefix */
  list(prefix: string): Promise<string[]>;
  /** @returns what lies in a folder itself; its URI ends with a slash */
  folder(uri: string): Promise<FolderContent>;
}

/** What lies in a folder, not in folders below it. */
export interface FolderContent {
  readonly objects: readonly {
    readonly uri: string;
    /** When it was written, ISO. */
    readonly at: string;
  }[];
  /** URIs, each with a slash at its end. */
  readonly folders: readonly string[];
}

/** What the small steps work with: the same steps run in a Lambda function and within the local executor. */
export interface StepServices {
  readonly files: RunFiles;
  readonly registry: Pick<ModelRegistry, 'register' | 'latestApproved' | 'get' | 'setStatus'>;
  /** `s3://bucket/` of the artifacts. */
  readonly artifacts: string;
  now(): Date;
  /** Tells a metric to whoever watches. */
  metric(name: MetricName, value: number, dimensions: Readonly<Record<string, string>>): void;
}

/** Metrics that alarms are set on. */
export type MetricName =
  | 'CompleteRuns'
  | 'FallbackRuns'
  | 'IncompleteRuns'
  | 'FailedModels'
  | 'StaleModels'
  | 'DeadlineAtRisk'
  | 'MissedDeadlines'
  | 'OverdueRuns'
  | 'UntoldRuns'
  | 'ModelError'
  | 'ErrorDrift';
