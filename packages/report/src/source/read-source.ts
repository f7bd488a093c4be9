import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ForecastCurves, QuantityName } from '@hemline/core';
import type { SegmentRow } from '@hemline/evaluation';
import { isS3 } from '@hemline/stores';
import type { QualityFinding } from '@hemline/runtime';
import {
  FORECAST_KINDS,
  MEASUREMENTS_FILE,
  readMeasurements,
  type KnownRun,
  type RunOutput,
} from '@hemline/runs';
import { backtestCutoffs, readBacktest } from './read-backtest.ts';
import { readFrontiers } from './frontiers.ts';
import { readJson } from './read-json.ts';
import { readMonitoring } from './monitoring.ts';
import type {
  Champion,
  Evaluation,
  InsightRow,
  PreviousRun,
  ReportModel,
  ReportSource,
} from './report-source.ts';
import type { ForecastVersion, MetricLimit, RegisteredVersion } from './version-facts.ts';

/** What the folder of a run does not say. */
export interface RunContext {
  /** @returns the quantity of a model; null of a model that is not known any more */
  readonly quantityOf: (model: string) => QuantityName | null;
  /** @returns what the registry knows of a version: of a number, or of what a run trained; null where it knows nothing */
  readonly versionOf: (
    model: string,
    version: { readonly number: number | null; readonly run: string | null },
  ) => Promise<(RegisteredVersion & { readonly version: number }) | null>;
  /** @returns what a version of the model must reach to be approved without a person */
  readonly limitsOf: (model: string) => readonly MetricLimit[];
  /** @returns the run with forecasts of the same data before this one */
  readonly previous: () => Promise<KnownRun | null>;
  /** @returns the latest run that monitored forecasts of the same data */
  readonly monitored: () => Promise<KnownRun | null>;
  /** @returns runs that have traced frontiers by the forecasts of this one, the latest first */
  readonly frontiers: () => Promise<readonly KnownRun[]>;
  /** Articles whose forecasts are shown besides those that tell most. */
  readonly articles?: readonly string[];
  /** @returns how curves of a model are evaluated; null of a model that has none */
  readonly curvesOf: (model: string) => Promise<ForecastCurves | null>;
  /** @returns the version that was approved before the run, and the folder of the run that trained it */
  readonly championOf: (
    model: string,
  ) => Promise<{ readonly version: number; readonly run: string; readonly directory: string } | null>;
}

/**
 * Reads what a run has left in its folder: small files only. Forecasts are read when a section needs some of them.
 * @param run with its record
 * @param context what the folder does not say
 * @returns the source of a report
 * @throws ArtifactError when a file is damaged
 */
export async function readSource(run: KnownRun, context: RunContext): Promise<ReportSource> {
  const { directory, record } = run;
  const names = new Set([
    ...(await evaluatedModels(directory)),
    ...record.versions.map(({ model }) => model),
    // Of a model whose first step failed, or has not begun, nothing else tells that it was to be there.
    ...record.problems.flatMap(({ message }) => /^([a-z0-9-]+): /.exec(message)?.[1] ?? []),
    ...record.steps.flatMap(({ step }) => /^[^/]+\/([^:]+): /.exec(step)?.[1] ?? []),
    ...(record.parameters['model'] === undefined ? [] : [record.parameters['model']]),
  ]);
  const models: ReportModel[] = [];
  for (const model of names) {
    const quantity = context.quantityOf(model);
    if (quantity === null) continue;
    const folder = evaluationFolder(directory, model);
    models.push({
      ...{ model, quantity },
      evaluation: folder === null ? await readBacktest(run, model) : await readEvaluation(folder),
      champion: await readChampion(model, context),
      forecastBy: await readForecastVersion(run, model, context),
      limits: context.limitsOf(model),
      insights: folder === null ? {} : await readInsights(join(folder, 'insights')),
      forecasts: forecastPlace(run, model),
      curves: quantity === 'demand' ? await context.curvesOf(model) : null,
    });
  }
  const check = join(directory, 'check');
  const facts = await readJson<{ rows: Record<string, number> }>(join(check, 'facts.json'));
  const monitored =
    record.kind === 'monitor' ? run : FORECAST_KINDS.includes(record.kind) ? await context.monitored() : null;
  const previous = FORECAST_KINDS.includes(record.kind) ? await context.previous() : null;
  return {
    run,
    previous: previous === null ? null : readPrevious(previous),
    monitoring: monitored === null ? null : await readMonitoring(monitored),
    frontiers: await readFrontiers(record.kind === 'frontier' ? [run] : await context.frontiers()),
    articles: context.articles ?? [],
    models: models.toSorted((a, b) => (a.model < b.model ? -1 : 1)),
    measurements: await readMeasurements(join(directory, MEASUREMENTS_FILE)),
    quality: await readJson<QualityFinding[]>(join(check, 'quality.json')),
    dataRows: facts?.rows ?? null,
    dataset: datasetOf(run, join(check, 'dataset.json')),
  };
}

async function readForecastVersion(
  { record }: KnownRun,
  model: string,
  context: RunContext,
): Promise<ForecastVersion | null> {
  const used = record.versions.findLast((each) => each.model === model && each.role === 'forecast');
  // A forecast that failed has a version too, and no output.
  if (used === undefined || outputOf(record, model) === undefined) return null;
  const registered = await context.versionOf(model, { number: used.version, run: used.trainedBy });
  return { version: registered?.version ?? used.version, trainedBy: used.trainedBy, registered };
}

function readPrevious(run: KnownRun): PreviousRun {
  const used = run.record.versions.filter(({ role }) => role === 'forecast');
  return {
    run: run.record.run,
    versions: new Map(used.map(({ model, version }) => [model, version])),
    forecasts: new Map(
      used.flatMap(({ model }) => {
        const place = forecastPlace(run, model);
        return place === null ? [] : [[model, place] as const];
      }),
    ),
  };
}

/** A workflow keeps the evaluation of each model in a folder of its name; a single job, in the root of the job. */
function evaluationFolder(directory: string, model: string): string | null {
  const places = [
    join(directory, model, 'evaluate'),
    join(directory, model, 'processing', 'output', 'evaluation'),
  ];
  return places.find((place) => existsSync(join(place, 'metrics.json'))) ?? null;
}

async function evaluatedModels(directory: string): Promise<string[]> {
  const names = (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const found = names.map(async (name) => {
    const isEvaluated =
      evaluationFolder(directory, name) !== null || (await backtestCutoffs(directory, name)).length > 0;
    return isEvaluated ? [name] : [];
  });
  return (await Promise.all(found)).flat();
}

async function readEvaluation(folder: string): Promise<Evaluation | null> {
  const scores = await readJson<Omit<Evaluation, 'segments'>>(join(folder, 'metrics.json'));
  if (scores === null) return null;
  const segments = (await readJson<SegmentRow[]>(join(folder, 'segments.json'))) ?? [];
  return { ...scores, segments };
}

async function readChampion(model: string, context: RunContext): Promise<Champion | null> {
  const found = await context.championOf(model);
  if (found === null) return null;
  const folder = evaluationFolder(found.directory, model);
  const evaluation = folder === null ? null : await readEvaluation(folder);
  return { version: found.version, run: found.run, evaluation };
}

async function readInsights(folder: string): Promise<Record<string, InsightRow[]>> {
  if (!existsSync(folder)) return {};
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const tables = await Promise.all(
    names.map(async (name) => [name.slice(0, -5), await readJson<InsightRow[]>(join(folder, name))] as const),
  );
  return Object.fromEntries(tables.flatMap(([name, rows]) => (rows === null ? [] : [[name, rows]])));
}

function outputOf({ outputs }: KnownRun['record'], model: string): RunOutput | undefined {
  return outputs.find(
    ({ name, step }) => name === model || (name === 'forecast' && step === `forecast ${model}`),
  );
}

function forecastPlace({ record }: KnownRun, model: string): string | null {
  const output = outputOf(record, model);
  if (output === undefined) return null;
  // Whether it is there still, and may be read, is known when it is.
  if (isS3(output.url)) return output.url;
  const place = pathOf(output.url);
  return place === null || !existsSync(place) ? null : place;
}

function datasetOf({ record }: KnownRun, descriptor: string): ReportSource['dataset'] {
  const directory = record.inputs[0] === undefined ? null : pathOf(record.inputs[0].url);
  if (directory === null || !existsSync(directory)) return null;
  return {
    directory,
    descriptor: existsSync(descriptor) ? descriptor : (record.parameters['descriptor'] ?? null),
  };
}

/** Null of a URL that is no file of this machine. */
function pathOf(url: string): string | null {
  return url.startsWith('file:') ? fileURLToPath(url) : null;
}
