import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALARM_LEVEL } from '@hemline/evaluation';
import { Home, urlOf } from '@hemline/runs';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, type DataOptions, type RecordOptions } from '../work-options.ts';
import { loadModel, modelPackages } from '../workspace.ts';
import { findForecasts } from './find-forecasts.ts';
import { monitorForecasts, type MonitorResult, type MonitorSettings } from './monitor-forecasts.ts';

/** File in the folder of the run. */
const RESULT_FILE = 'monitor.json';

/** Which weeks are judged by default. */
export const MONITOR_DEFAULTS: MonitorSettings = { weeks: 4, baseline: 8, history: 104, ...ALARM_LEVEL };

/** What is monitored, and how strictly. */
export interface MonitorOptions extends DataOptions, RecordOptions, RegistryOption, Partial<MonitorSettings> {
  /** Look for forecasts below this folder, instead of in the home. */
  readonly forecasts?: string;
}

/** Scores of the forecasts in use, and findings. */
export interface MonitoringResult extends MonitorResult {
  readonly run: string;
}

/**
 * Scores the demand forecasts that were in use against new sales, and looks for drift in error and data. Leaves `monitor.json` in the
 * folder of its run.
 * @param options data, weeks, level
 * @returns scores and findings
 * @throws DataError when nothing of what was forecast has come yet
 */
export async function monitor(options: MonitorOptions): Promise<MonitoringResult> {
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const registry = await readableRegistry(options.registry, options.home);
  const found = await findForecasts(home, registry, dataset.name, options.forecasts);
  const ofDemand = await demandModels(found.map(({ model }) => model));
  const folders = found.filter(({ model }) => ofDemand.has(model));
  const {
    weeks = MONITOR_DEFAULTS.weeks,
    baseline = MONITOR_DEFAULTS.baseline,
    history = MONITOR_DEFAULTS.history,
    falseAlarms = MONITOR_DEFAULTS.falseAlarms,
    leastChange = MONITOR_DEFAULTS.leastChange,
  } = options;
  const settings = { weeks, baseline, history, falseAlarms, leastChange };
  const work = async ({ run, directory, step, recorder }: RecordedRun): Promise<MonitoringResult> => {
    const result = await monitorForecasts(dataset, folders, settings, home, registry, options.signal);
    for (const { model, metrics, errorDrift } of result.models) {
      const drift = errorDrift === null ? {} : { [`${model}.errorDrift`]: errorDrift };
      const named = Object.entries(metrics).map(([name, value]) => [`${model}.${name}`, value]);
      await recorder.addMetrics(step, { ...Object.fromEntries(named), ...drift });
    }
    const file = join(directory, RESULT_FILE);
    await writeFile(file, `${JSON.stringify({ run, ...result }, null, 2)}\n`);
    await recorder.addOutput({ step, name: 'monitor', url: urlOf(file) });
    return { run, ...result };
  };
  const { descriptor, forecasts } = options;
  const parameters = { ...settings, descriptor, forecasts };
  const model = [...new Set(folders.map((folder) => folder.model))].join(',') || 'demand';
  return recordRun(home, { kind: 'monitor', model, dataset, parameters, record: options }, work);
}

/** Those that forecast demand; what is no model of the workspace any more is not known to. */
async function demandModels(models: readonly string[]): Promise<Set<string>> {
  const known = modelPackages().filter(({ name }) => models.includes(name));
  const quantities = await Promise.all(
    known.map(async ({ name }) => [name, (await loadModel(name)).quantity] as const),
  );
  return new Set(quantities.flatMap(([name, quantity]) => (quantity === 'demand' ? [name] : [])));
}
