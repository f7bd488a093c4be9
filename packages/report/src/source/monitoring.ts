import { join } from 'node:path';
import {
  dataBeyondLimits,
  modelBeyondLimits,
  MONITOR_LIMITS,
  type BeyondLimit,
  type MonitorLimits,
  type SegmentRow,
} from '@hemline/evaluation';
import type { KnownRun } from '@hemline/runs';
import type { Money } from './money.ts';
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
  /** Fall of demand that would be found in half of the cases, a fraction; null where nothing can be judged. */
  readonly detectable?: { readonly fall: number } | null;
}

/** What came of a model's forecasts. */
export interface WatchedModel {
  readonly model: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly errorDrift: number | null;
  readonly approvedError: number | null;
  readonly earlierError?: number | null;
  readonly past?: { readonly forecasts: number; readonly weeks: number; readonly weeksNeeded: number };
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
  readonly limits: MonitorLimits;
  /** What is plainly wrong, whatever tests say. */
  readonly beyondLimits: readonly BeyondLimit[];
  /** What decisions came to; null where nothing was ever decided, undefined where nobody has looked. */
  readonly money?: Money | null;
}

/** As it is written; before limits were kept without them. */
interface MonitorFile extends Omit<Monitoring, 'limits' | 'beyondLimits'> {
  readonly settings?: { readonly limits: MonitorLimits };
  readonly beyondLimits?: readonly BeyondLimit[];
}

/**
 * @param run that monitored
 * @returns what it found; null where it has left nothing
 * @throws ArtifactError when the file is damaged
 */
export async function readMonitoring({ directory }: KnownRun): Promise<Monitoring | null> {
  const file = await readJson<MonitorFile>(join(directory, 'monitor.json'));
  if (file === null) return null;
  const limits = file.settings?.limits ?? MONITOR_LIMITS;
  return { ...file, limits, beyondLimits: file.beyondLimits ?? beyond(file, limits) };
}

/** Limits hold of what was found before they were kept, too. */
function beyond({ models, data }: MonitorFile, limits: MonitorLimits): BeyondLimit[] {
  const known = models.map((model) => ({
    ...model,
    earlierError: model.earlierError ?? null,
    metrics: Object.fromEntries(Object.entries(model.metrics).map(([name, value]) => [name, value ?? NaN])),
  }));
  return [
    ...known.flatMap((model) => modelBeyondLimits(model, limits)),
    ...dataBeyondLimits(data.discountPsi ?? NaN, limits),
  ];
}
