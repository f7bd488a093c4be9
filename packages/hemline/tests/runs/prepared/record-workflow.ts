import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addWeeks, formatWeek, type QuantityName, type Week } from '@hemline/core';
import { openRegistry, type Home, type ModelVersion } from '@hemline/runs';
import { findQuality, openDataset } from '@hemline/runtime';
import type { ModelSummary, Summary } from '@hemline/workflow';
import { modelCatalog } from '../../../src/workflow/model-catalog.ts';
import { reportOf } from '../../../src/workflow/run-report.ts';
import { WorkflowRecord } from '../../../src/workflow/workflow-record.ts';
import { DATASET, LAST_WEEK, writeDemand, writeReturnTimes } from './shop.ts';

/** Scores of a demand model, or of return times. */
export type Metrics = Readonly<Record<string, number>>;

/** What a workflow did with a model. */
export interface ModelOutcome {
  readonly model: string;
  readonly quantity: QuantityName;
  /** Version that it trained and registered. */
  readonly registered?: ModelVersion;
  /** Version that forecast, and how: units by this factor. */
  readonly forecastBy?: ModelVersion;
  readonly factor?: number;
  /** Whether they are the same at every discount. */
  readonly isFlat?: boolean;
  readonly problems?: readonly string[];
  /** Steps that failed, by name, with the reason. */
  readonly failed?: Readonly<Record<string, string>>;
}

/** A run of a workflow. */
export interface WorkflowOutcome {
  readonly run: string;
  readonly workflow: 'weekly' | 'inference';
  readonly status: Summary['status'];
  /** Last week that its data has; that of the shop by default. */
  readonly lastWeek?: Week;
  readonly models: readonly ModelOutcome[];
}

/**
 * Registers a version as a workflow does.
 * @param home of the registry
 * @param model its name
 * @param run that trained it
 * @param metrics on held-out weeks
 * @param decision approved, or pending with reasons
 * @param cutoff last week that it knows
 * @returns the version
 */
export async function registerVersion(
  home: Home,
  model: string,
  run: string,
  metrics: Metrics,
  decision: { readonly status: 'approved' | 'pending'; readonly reason: string },
  cutoff: Week = LAST_WEEK,
): Promise<ModelVersion> {
  const registry = await openRegistry(join(home.directory, 'registry'));
  return registry.register({
    ...{ model, run, metrics, dataset: DATASET, cutoff: formatWeek(cutoff) },
    artifact: pathToFileURL(join(home.runFolder(run), model, 'train')).href,
    lineage: {},
    ...{ ...decision, by: 'workflow', token: `${run}/${model}` },
  });
}

/**
 * Leaves all that a workflow leaves: record, scores, findings about the data, forecasts with their manifests.
 * @param home of the run
 * @param data folder of the dataset
 * @param outcome of the run
 */
export async function recordWorkflow(home: Home, data: string, outcome: WorkflowOutcome): Promise<void> {
  const { run, workflow, status, models, lastWeek = LAST_WEEK } = outcome;
  const folder = home.runFolder(run);
  await mkdir(folder, { recursive: true });
  const dataset = await openDataset(data);
  const record = await WorkflowRecord.open(home, folder, {
    ...{ run, workflow, dataset, codeVersion: 'src-1', resumed: false, mlflow: undefined },
    parameters: { seed: '1', horizon: '8', discounts: '0:0.6:0.1' },
    command: ['hemline', 'run', workflow, '--data', data],
  });
  const step = (model: string, name: string) => ({
    ...{ workflow: 'training', state: `${model}: ${name}`, root: join(folder, 'jobs', model, name) },
  });
  for (const { model, failed = {} } of models)
    for (const [name, reason] of Object.entries(failed)) {
      record.take({ kind: 'started', step: step(model, name), seconds: 0 });
      record.take({ kind: 'failed', step: step(model, name), seconds: 1, reason });
    }
  const summaries: ModelSummary[] = [];
  for (const each of models) summaries.push(await summaryOf(home, folder, outcome, each, lastWeek));
  const known = { name: DATASET, fingerprint: dataset.fingerprint, lastWeek: formatWeek(lastWeek) };
  await writeSet(home, run, status, known, summaries);
  await mkdir(join(folder, 'check'), { recursive: true });
  await writeJson(join(folder, 'check', 'quality.json'), await findQuality(dataset, lastWeek));
  const times = { startedAt: '', begunAt: '', endedAt: '', deadlineAt: '' };
  const summary: Summary = {
    ...{ run, workflow, status, nested: false, message: '', models: summaries, problems: [], warnings: [] },
    ...{ dataset: { ...known, tables: {}, descriptor: '' }, recommendations: null, ...times },
  };
  const result = { run, folder, resumed: false, summary, error: null, metrics: [] };
  const report = await reportOf(result, {
    ...{
      workflow,
      record: join(folder, 'record.json'),
      models: models.map(({ model }) => model),
      seconds: 1,
    },
    data: { name: DATASET, directory: data, fingerprint: dataset.fingerprint, lastWeek: null },
    catalog: await modelCatalog(),
    pathOf: (uri) => uri,
  });
  await record.finish(result, report);
}

async function summaryOf(
  home: Home,
  folder: string,
  { run }: WorkflowOutcome,
  { model, quantity, registered, forecastBy, factor, isFlat, problems = [] }: ModelOutcome,
  lastWeek: Week,
): Promise<ModelSummary> {
  const scores =
    registered === undefined
      ? null
      : {
          ...{
            cutoff: formatWeek(addWeeks(lastWeek, -8)),
            horizon: 8,
            rows: 400,
            metrics: registered.metrics,
          },
        };
  if (scores !== null) await writeJson(join(folder, model, 'evaluate', 'metrics.json'), scores);
  const place = join(home.directory, 'forecasts', run, model);
  const written =
    forecastBy === undefined
      ? null
      : quantity === 'demand'
        ? await writeDemand(place, run, model, lastWeek, factor, isFlat)
        : await writeReturnTimes(place, run, model);
  return {
    ...{ model, quantity, scores, problems },
    registered: registered === undefined ? null : { version: registered.version, status: registered.status },
    ...(registered === undefined ? {} : { artifact: registered.artifact }),
    forecast: written === null ? null : { folder: place, ...written },
    forecastBy: forecastBy === undefined ? null : { ...forecastBy, error: null },
  };
}

/** The manifest above the folders of the models. */
async function writeSet(
  home: Home,
  run: string,
  status: string,
  dataset: object,
  models: readonly ModelSummary[],
): Promise<void> {
  await writeJson(join(home.directory, 'forecasts', run, 'manifest.json'), {
    ...{ run, status, dataset, parameters: {} },
    models: models.map(({ model, forecast, forecastBy, problems }) => ({
      ...{ model, problems, folder: forecast?.folder ?? null, version: forecastBy?.version ?? null },
      ...{ trainedBy: forecastBy?.run ?? null, cutoff: forecastBy?.cutoff ?? null },
    })),
  });
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
