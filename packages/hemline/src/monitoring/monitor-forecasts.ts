import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addWeeks, DataError, formatWeek, throwIfAborted, weeksBetween, type Week } from '@hemline/core';
import {
  dataBeyondLimits,
  DataDrift,
  DemandMonitor,
  modelBeyondLimits,
  weeksToJudge,
  type AlarmLevel,
  type BeyondLimit,
  type ChangeWindows,
  type FeatureDrift,
  type MonitorLimits,
  type SegmentDrift,
  type SegmentRow,
} from '@hemline/evaluation';
import type { Dataset } from '@hemline/runtime';
import type { ModelRegistry, Home } from '@hemline/runs';
import { compareForecasts, type Comparison } from './compare-forecasts.ts';
import type { ForecastFolder } from './find-forecasts.ts';
import { partitionRows } from './partition-rows.ts';

/** Which weeks are judged, and how strictly. */
export interface MonitorSettings extends AlarmLevel {
  /** Weeks that are judged together. */
  readonly weeks: number;
  /** Weeks before them that they are compared with. */
  readonly baseline: number;
  /** Weeks that are looked at in all: what was usual is learnt from them. */
  readonly history: number;
  /** What is plainly wrong, whatever the tests say. */
  readonly limits: MonitorLimits;
}

/** How the bias of a segment has changed, as it is told. */
export interface MonitoredSegment extends Omit<SegmentDrift, 'since'> {
  /** First week that the change is told of, as YYYY-MM-DD; null where it could not be judged. */
  readonly since: string | null;
}

/** What came of a model's forecasts. */
export interface MonitoredModel {
  readonly model: string;
  /** Rows of forecasts in use, in the weeks that are judged. */
  readonly rows: number;
  /** What tests learn from. */
  readonly past: {
    /** Forecasts of which anything has come. */
    readonly forecasts: number;
    /** Weeks that have such forecasts, those that are judged included. */
    readonly weeks: number;
    /** So many of them it takes at least to test a change of demand in all. */
    readonly weeksNeeded: number;
  };
  /** Of these rows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Demand error of the version in use on the weeks it was approved by; null where the registry has none. */
  readonly approvedError: number | null;
  /** How much the demand error has grown since, a fraction; null likewise. */
  readonly errorDrift: number | null;
  /** Demand error of the forecasts in use in the `baseline` weeks before; null where there were none. */
  readonly earlierError: number | null;
  readonly versions: readonly { readonly version: string; readonly forecasts: number }[];
  readonly scores: readonly SegmentRow[];
  readonly segments: readonly MonitoredSegment[];
}

/** What came of the forecasts of a dataset. */
export interface MonitorResult {
  /** First and last of the weeks that are judged. */
  readonly from: string;
  readonly until: string;
  readonly settings: MonitorSettings;
  readonly models: readonly MonitoredModel[];
  readonly data: {
    readonly features: readonly FeatureDrift[];
    /** Population stability index of the discounts, the weeks that are judged against those before; NaN without weeks before. */
    readonly discountPsi: number;
  };
  /** Whether a test has found a change. */
  readonly found: boolean;
  /** What is beyond the limits of the settings, whatever the tests say: forecasts not to be used before somebody has looked. */
  readonly beyondLimits: readonly BeyondLimit[];
  /** First week of sales that tells anything, where nothing of what was forecast has come yet: then there are no models. */
  readonly waitingFor: string | null;
}

/**
 * Scores forecasts of demand against what has come since, and looks for drift in their error and in the data. Partition by
 * partition: memory is that of one partition's rows in the weeks that are looked at.
 * @param dataset with the new actuals
 * @param folders forecasts of demand, by model and cutoff
 * @param settings weeks and level
 * @param home whose runs have the evaluations of versions
 * @param registry whose versions have scores
 * @param signal stops the reading
 * @returns scores and findings
 * @throws DataError when the weeks of forecasts and those with sales do not meet
 */
export async function monitorForecasts(
  dataset: Dataset,
  folders: readonly ForecastFolder[],
  settings: MonitorSettings,
  home: Home,
  registry: ModelRegistry,
  signal?: AbortSignal,
): Promise<MonitorResult> {
  const until = await dataset.lastKnownWeek();
  const recentFrom = addWeeks(until, 1 - settings.weeks);
  const beforeFrom = addWeeks(recentFrom, -settings.baseline);
  const from = addWeeks(until, 1 - settings.history);
  const data = new DataDrift();
  const partitions = new Set(dataset.partitions.map(({ name }) => name));
  const longest = settings.weeks;
  const comparisons = [...Map.groupBy(folders, ({ model }) => model)].map(([model, own]) => {
    const names = [...new Set(own.map(versionName))];
    const versions = own.map((folder) => names.indexOf(versionName(folder)));
    const monitor = new DemandMonitor(names, longest);
    return {
      ...{ model, names, monitor, folders: own, versions, partitions },
      ...{ beforeFrom, recentFrom, until, longest },
    };
  });
  for (const partition of dataset.partitions) {
    throwIfAborted(signal);
    const rows = await partitionRows(dataset, partition, [from, until], data, signal);
    if (rows === null) continue;
    for (const comparison of comparisons) await compareForecasts(comparison, partition.name, rows, signal);
  }
  const models: MonitoredModel[] = [];
  for (const { model, names, ...comparison } of comparisons) {
    if (comparison.monitor.rows === 0) continue;
    models.push(await conclude(model, names, comparison, from, settings, home, registry));
  }
  if (models.length === 0) throw nothingCame(folders, recentFrom, until);
  const drift = data.judge(windowsOf(from, until, settings), settings);
  const found = [...models.flatMap(({ segments }) => segments), ...drift.features].some((each) => each.found);
  const { limits } = settings;
  const beyondLimits = [
    ...models.flatMap((model) => modelBeyondLimits(model, limits)),
    ...dataBeyondLimits(drift.discountPsi, limits),
  ];
  return {
    ...{ from: formatWeek(recentFrom), until: formatWeek(until), settings },
    ...{ models, data: drift, found, beyondLimits, waitingFor: null },
  };
}

async function conclude(
  model: string,
  names: readonly string[],
  { monitor, folders, versions, until }: Comparison,
  from: Week,
  settings: MonitorSettings,
  home: Home,
  registry: ModelRegistry,
): Promise<MonitoredModel> {
  const inUse = folders.findLast(({ cutoff }) => cutoff < until)!;
  const first = Math.max(from, addWeeks(folders[0]!.cutoff, 1));
  const version = inUse.version === null ? null : await registry.get(model, inUse.version);
  const approved = version?.metrics['demandError'] ?? NaN;
  const { metrics } = monitor;
  const hasScore = approved > 0;
  const drifts = monitor.judge(windowsOf(first, until, settings), settings, await evaluatedBias(home, inUse));
  return {
    ...{ model, rows: monitor.rows, metrics },
    past: pastOf(folders, first, until, settings),
    approvedError: hasScore ? approved : null,
    earlierError: Number.isFinite(monitor.earlierError) ? monitor.earlierError : null,
    errorDrift: hasScore ? metrics['demandError']! / approved - 1 : null,
    versions: names.map((name, i) => ({
      version: name,
      forecasts: versions.filter((each) => each === i).length,
    })),
    scores: monitor.table(),
    segments: drifts.map((drift) => ({
      ...drift,
      since: drift.since === null ? null : formatWeek(drift.since),
    })),
  };
}

function pastOf(
  folders: readonly ForecastFolder[],
  first: Week,
  until: Week,
  { weeks: recent, baseline }: MonitorSettings,
): MonitoredModel['past'] {
  return {
    forecasts: folders.filter(({ cutoff }) => cutoff < until).length,
    weeks: weeksBetween(first, until) + 1,
    weeksNeeded: weeksToJudge(recent, baseline),
  };
}

function windowsOf(from: Week, until: Week, { weeks: recent, baseline }: MonitorSettings): ChangeWindows {
  const weeks = Array.from({ length: weeksBetween(from, until) + 1 }, (_, i) => addWeeks(from, i));
  return { weeks, recent, baseline };
}

function versionName({ version, trainedBy, manifest }: ForecastFolder): string {
  if (version !== null) return `version ${version}`;
  return trainedBy ?? `trained on ${manifest.provenance.trainingFingerprint.slice(0, 12)}`;
}

/** Bias by segment on the weeks that the version was approved by. */
async function evaluatedBias(home: Home, { trainedBy, model }: ForecastFolder): Promise<Map<string, number>> {
  const file =
    trainedBy === null ? null : join(home.runFolder(trainedBy), model, 'evaluate', 'segments.json');
  if (file === null || !existsSync(file)) return new Map();
  const rows = JSON.parse(await readFile(file, 'utf8')) as SegmentRow[];
  return new Map(
    rows.flatMap(({ dimension, value, metric, result }): [string, number][] =>
      metric === 'demandBias' && result !== null ? [[`${dimension}/${value}`, result]] : [],
    ),
  );
}

/**
 * What to say on the first Monday, when all that was forecast is still to come.
 * @param dataset with the actuals
 * @param folders forecasts of demand, by model and cutoff
 * @param settings that hold
 * @returns a result without models; null where something of what was forecast may have come
 * @throws DataError when demand was not forecast
 */
export async function nothingYet(
  dataset: Dataset,
  folders: readonly ForecastFolder[],
  settings: MonitorSettings,
): Promise<MonitorResult | null> {
  const until = await dataset.lastKnownWeek();
  const recentFrom = addWeeks(until, 1 - settings.weeks);
  if (folders.length === 0) throw nothingCame(folders, recentFrom, until);
  const first = Math.min(...folders.map(({ cutoff }) => cutoff));
  if (first < until) return null;
  return {
    ...{ from: formatWeek(recentFrom), until: formatWeek(until), settings, models: [] },
    ...{ data: { features: [], discountPsi: NaN }, found: false, beyondLimits: [] },
    waitingFor: formatWeek(addWeeks(first, 1)),
  };
}

function nothingCame(folders: readonly ForecastFolder[], from: Week, until: Week): DataError {
  const cutoffs = folders.map(({ cutoff }) => cutoff);
  return new DataError('nothing of what was forecast has been observed', {
    expected: `demand of weeks that were forecast, from ${formatWeek(from)} to ${formatWeek(until)}, the last known week`,
    found:
      cutoffs.length === 0
        ? 'no forecast of demand'
        : `forecasts after ${formatWeek(Math.min(...cutoffs))} to ${formatWeek(Math.max(...cutoffs))}`,
    remedy:
      'Monitor again when the next weeks of sales are in, or name the folder of earlier forecasts with --forecasts.',
  });
}
