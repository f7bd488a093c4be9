import { join } from 'node:path';
import type { MetricLimit, RunContext, WrittenReport } from '@hemline/report';
import {
  FORECAST_KINDS,
  isYetToCome,
  listRuns,
  type Home,
  type KnownRun,
  type ModelVersion,
} from '@hemline/runs';
import type { ModelFacts, Requirements } from '@hemline/workflow';
import { requirements } from '../models/requirements.ts';
import { FRONTIER_KIND } from '../pricing/frontier-record.ts';
import { registryOf } from '../registry.ts';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { modelSettings } from '../workflow/model-settings.ts';
import { loadModel } from '../workspace.ts';

/** Name of the report in the folder of its run. */
export const REPORT_FILE = 'report.html';

/**
 * Writes the report of a run, with what only the command knows: quantities and requirements of models, versions of the registry, and
 * the runs before and beside it.
 * @param home with runs and registry
 * @param run with its record
 * @param file to write
 * @param articles whose forecasts are shown besides those that tell most
 * @returns where it is, and how large
 */
export async function reportOfRun(
  home: Home,
  run: KnownRun,
  file: string,
  articles: readonly string[] = [],
): Promise<WrittenReport> {
  const catalog = await modelCatalog();
  const registry = await registryOf(join(home.directory, 'registry'));
  const context: RunContext = {
    articles,
    quantityOf: (model) => catalog.find(({ name }) => name === model)?.quantity ?? null,
    curvesOf: async (model) => (await loadModel(model)).curves ?? null,
    versionOf: async (model, { number, run: trainedBy }) =>
      versionOf(home, await registry.list(model), number, trainedBy),
    limitsOf: (model) => limitsOf(model, catalog),
    previous: () => previousOf(home, run),
    monitored: () => monitoredOf(home, run),
    frontiers: () => frontiersOf(home, run),
    championOf: async (model) => {
      const champion = championOf(await registry.list(model), run);
      return champion === null
        ? null
        : { version: champion.version, run: champion.run, directory: home.runFolder(champion.run) };
    },
  };
  // Plots take a while to load: only those who need them wait.
  const { writeReport } = await import('@hemline/report');
  return writeReport(run, context, file);
}

async function versionOf(
  home: Home,
  versions: readonly ModelVersion[],
  number: number | null,
  trainedBy: string | null,
): ReturnType<RunContext['versionOf']> {
  const found = versions.find(({ version, run }) =>
    number === null ? run === trainedBy : version === number,
  );
  if (found === undefined) return null;
  const { version, cutoff, run, metrics, history } = found;
  const checks = await requirements(found, { home: home.directory });
  return {
    ...{ version, cutoff, run, metrics, decision: history.at(-1)! },
    checks: checks?.map(({ metric, met, reasons }) => ({ metric, isMet: met, reasons })) ?? null,
  };
}

/** Of a model that the workspace does not know any more nothing is required. */
function limitsOf(model: string, catalog: readonly ModelFacts[]): MetricLimit[] {
  if (!catalog.some(({ name }) => name === model)) return [];
  const requirements: Requirements = modelSettings(model, {}, catalog).requirements ?? {};
  const { maximum = {}, bias, betterThan, monotone } = requirements;
  return [
    ...Object.entries(maximum).map(([metric, most]) => ({ metric, most })),
    ...(bias === undefined ? [] : [bias]),
    ...(betterThan === undefined
      ? []
      : [{ metric: betterThan.metric, below: { model: betterThan.model, factor: betterThan.factor ?? 1 } }]),
    ...(monotone === true ? [{ metric: 'monotoneViolations', most: 0 }] : []),
  ];
}

/** The run with forecasts of the same data before this one; of a single forecast, one of the same model. */
async function previousOf(home: Home, { record }: KnownRun): Promise<KnownRun | null> {
  const { runs } = await listRuns(home.runs);
  const isSingle = record.kind === 'forecast';
  return (
    runs.find(
      (each) =>
        each.record.startedAt < record.startedAt &&
        FORECAST_KINDS.includes(each.record.kind) &&
        isSingle === (each.record.kind === 'forecast') &&
        (!isSingle || each.record.parameters['model'] === record.parameters['model']) &&
        (each.state === 'succeeded' || each.state === 'degraded') &&
        isOfSameData(each, record),
    ) ?? null
  );
}

async function monitoredOf(home: Home, { record }: KnownRun): Promise<KnownRun | null> {
  const { runs } = await listRuns(home.runs);
  return (
    runs.find(
      (each) =>
        each.record.kind === 'monitor' &&
        each.state === 'succeeded' &&
        !isYetToCome(each) &&
        isOfSameData(each, record),
    ) ?? null
  );
}

/** By the forecasts of a run, the latest first. */
async function frontiersOf(home: Home, { record }: KnownRun): Promise<KnownRun[]> {
  const { runs } = await listRuns(home.runs);
  return runs.filter(
    (each) =>
      each.record.kind === FRONTIER_KIND &&
      each.state === 'succeeded' &&
      each.record.parameters['forecasts'] === record.run,
  );
}

function isOfSameData({ record }: KnownRun, { inputs }: KnownRun['record']): boolean {
  return record.inputs.some(({ name }) => inputs.some((input) => input.name === name));
}

/** The latest version that was approved when the run began, and is not its own. */
function championOf(versions: readonly ModelVersion[], { record }: KnownRun): ModelVersion | null {
  const before = versions.filter((version) => {
    const decision = version.history.findLast(({ at }) => at < record.startedAt);
    // A model of other data is nothing to compare with.
    const isOfData = record.inputs.some(({ name }) => name === version.dataset);
    return isOfData && version.run !== record.run && decision?.status === 'approved';
  });
  return before.toSorted((a, b) => b.version - a.version)[0] ?? null;
}
