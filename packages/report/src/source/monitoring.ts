import { join } from 'node:path';
import type { SegmentRow } from '@hemline/evaluation';
import type { KnownRun } from '@hemline/runs';
import { readJson } from './read-json.ts';

/** A part of the rows whose level was watched. */
export interface WatchedSegment {
  readonly dimension: string;
  readonly value: string;
  readonly rows: number;
  /** How demand went against its forecasts, compared with before; a fraction. Null where it could not be judged. */
  readonly demandChange: number | null;
  readonly since: string | null;
  readonly adjustedP: number | null;
  readonly found: boolean;
}

/** What came of a model's forecasts. */
export interface WatchedModel {
  readonly model: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly errorDrift: number | null;
  /** The versions whose forecasts were in use, by name: `version 3`. */
  readonly versions: readonly { readonly version: string; readonly forecasts: number }[];
  readonly scores: readonly SegmentRow[];
  readonly segments: readonly WatchedSegment[];
}

/** What `hemline monitor` found: the forecasts that were in use against what has come since. */
export interface Monitoring {
  readonly run: string;
  readonly from: string;
  readonly until: string;
  readonly models: readonly WatchedModel[];
  readonly data: {
    readonly features: readonly {
      readonly feature: string;
      readonly before: number | null;
      readonly recent: number | null;
      readonly adjustedP: number | null;
      readonly found: boolean;
    }[];
    readonly discountPsi: number | null;
  };
  readonly found: boolean;
}

/**
 * @param run that monitored
 * @returns what it found; null where it has left nothing
 * @throws ArtifactError when the file is damaged
 */
export function readMonitoring({ directory }: KnownRun): Promise<Monitoring | null> {
  return readJson<Monitoring>(join(directory, 'monitor.json'));
}
