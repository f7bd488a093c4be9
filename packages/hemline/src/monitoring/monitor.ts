import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWeek } from '@hemline/core';
import { ALARM_LEVEL, MONITOR_LIMITS, type MonitorLimits } from '@hemline/evaluation';
import { Home, urlOf } from '@hemline/runs';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, type DataOptions, type RecordOptions } from '../work-options.ts';
import { loadModel, modelPackages } from '../workspace.ts';
import { findForecasts } from './find-forecasts.ts';
import { monitorMoney, type MonitoredMoney } from './monitor-money.ts';
import {
  monitorForecasts,
  nothingYet,
  type MonitorResult,
  type MonitorSettings,
} from './monitor-forecasts.ts';

/** File in the folder of the run. */
const RESULT_FILE = 'monitor.json';

/** Which weeks are judged by default, and how strictly. */
export const MONITOR_DEFAULTS: MonitorSettings = {
  ...{ weeks: 4, baseline: 8, history: 104 },
  ...ALARM_LEVEL,
  limits: MONITOR_LIMITS,
};

/** What is monitored, and how strictly. */
export interface MonitorOptions
  extends DataOptions, RecordOptions, RegistryOption, Partial<Omit<MonitorSettings, 'limits'>> {
  /** Limits that are not those of {@link MONITOR_DEFAULTS}. */
  readonly limits?: Partial<MonitorLimits>;
  /** Look for forecasts below this folder, instead of in the home. */
  readonly forecasts?: string;
}

/** Scores of the forecasts in use, and findings. */
export interface MonitoringResult extends MonitorResult {
  /** Its run, whose folder has `monitor.json`; null where there was nothing to judge yet, which leaves no record. */
  readonly run: string | null;
  /** What the decisions of these weeks came to; null where there was nothing to judge yet, or nothing was ever decided about the dataset. */
  readonly money: MonitoredMoney | null;
}

/**
 * Scores the demand forecasts that were in use against new sales, and looks for drift in error and data. Leaves `monitor.json` in the
 * folder of its run.
 * @param options data, weeks, level
 * @returns scores and findings
 * @throws DataError when there are no forecasts of demand, or none of weeks with sales
 */
export async function monitor(options: MonitorOptions): Promise<MonitoringResult> {
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const registry = await readableRegistry(options.registry, options.home);
  const there = await findForecasts(home, registry, dataset.name, options.forecasts);
  const ofDemand = await demandModels(there.map(({ model }) => model));
  const folders = there.filter(({ model }) => ofDemand.has(model));
  const {
    weeks = MONITOR_DEFAULTS.weeks,
    baseline = MONITOR_DEFAULTS.baseline,
    history = MONITOR_DEFAULTS.history,
    falseAlarms = MONITOR_DEFAULTS.falseAlarms,
    leastChange = MONITOR_DEFAULTS.leastChange,
  } = options;
  const limits = { ...MONITOR_DEFAULTS.limits, ...options.limits };
  const settings = { weeks, baseline, history, falseAlarms, leastChange, limits };
  const yet = await nothingYet(dataset, folders, settings);
  if (yet !== null) return { run: null, money: null, ...yet };
  const work = async ({ run, directory, step, recorder }: RecordedRun): Promise<MonitoringResult> => {
    const found = await monitorForecasts(dataset, folders, settings, home, registry, options.signal);
    const { data, descriptor, signal, onProgress } = options;
    const money = await monitorMoney(
      { data, descriptor, signal, onProgress, home: home.directory, dataset: dataset.name },
      [parseWeek(found.from), parseWeek(found.until)],
    );
    const result = { ...found, money };
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
  const limitsByName = Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [`limit.${name}`, value]),
  );
  const parameters = {
    ...{ weeks, baseline, history, falseAlarms, leastChange, ...limitsByName, descriptor, forecasts },
  };
  const model = [...new Set(folders.map((folder) => folder.model))].join(',');
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
