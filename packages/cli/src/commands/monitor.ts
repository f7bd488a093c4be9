import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { ALARM_LEVEL } from '@hemline/evaluation';
import { stageMetric } from '@hemline/workflow';
import { Home } from '@hemline/runs';
import {
  findForecasts,
  monitorForecasts,
  type MonitorResult,
  registryOf,
  recordRun,
  urlOf,
  type RecordedRun,
  loadModel,
  modelPackages,
} from '@hemline/hemline';
import { type RegistryOptions } from './registry-options.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { monitorText } from '../terminal/monitor-text.ts';
import { printResult } from '../terminal/print.ts';
import {
  openData,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

/** Exit code when drift was found. */
const DRIFT_FOUND = 5;
/** File in the folder of the run. */
const RESULT_FILE = 'monitor.json';

interface MonitorOptions extends DataOptions, MlflowOption, RegistryOptions {
  readonly out?: string;
  readonly forecasts?: string;
  readonly weeks: number;
  readonly baseline: number;
  readonly history: number;
  readonly falseAlarms: number;
  readonly leastChange: number;
  readonly metrics?: string;
}

/**
 * Adds `hemline monitor`.
 * @param program to add to
 */
export function addMonitor(program: Command): void {
  withMlflow(withData(program.command('monitor')))
    .description(
      'score the demand forecasts that were in use against new sales, and look for drift in error and data',
    )
    .option('--out <dir>', 'home with the forecasts (default: HEMLINE_HOME)')
    .option('--forecasts <dir>', 'look for forecasts below this folder instead')
    .option('--registry <url>', 'where versions are registered (default: registry/ of the home)')
    .option('--weeks <n>', 'last known weeks that are judged together, at most', parseWhole, 4)
    .option('--baseline <n>', 'weeks before them that tell what to expect', parseWhole, 8)
    .option('--history <n>', 'weeks that are looked at in all, to learn what is usual', parseWhole, 104)
    .option(
      '--false-alarms <p>',
      'probability of finding anything where nothing is',
      parseShare,
      ALARM_LEVEL.falseAlarms,
    )
    .option(
      '--least-change <x>',
      'least change that matters, a fraction',
      parseShare,
      ALARM_LEVEL.leastChange,
    )
    .option('--metrics <stage>', 'print the metrics of the alarms of this stage on standard error')
    .action(async (options: MonitorOptions) => {
      const home = new Home(options.out);
      const dataset = await openData(options);
      const registry = await registryOf(options.registry ?? join(home.directory, 'registry'));
      const found = await findForecasts(home, registry, dataset.name, options.forecasts);
      const ofDemand = await demandModels(found.map(({ model }) => model));
      const folders = found.filter(({ model }) => ofDemand.has(model));
      const signal = interruptSignal();
      const work = async ({
        run,
        directory,
        step,
        recorder,
      }: RecordedRun): Promise<MonitorResult & { run: string }> => {
        const result = await monitorForecasts(dataset, folders, options, home, registry, signal);
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
      const { weeks, baseline, history, falseAlarms, leastChange, descriptor, forecasts } = options;
      const parameters = { weeks, baseline, history, falseAlarms, leastChange, descriptor, forecasts };
      const model = [...new Set(folders.map((folder) => folder.model))].join(',') || 'demand';
      const subject = { kind: 'monitor', model, dataset, parameters, mlflow: options.mlflow };
      const result = await recordRun(home, subject, work);
      if (options.metrics !== undefined) tellMetrics(options.metrics, result);
      printResult(result, monitorText(result), options.json);
      if (result.found) process.exitCode = DRIFT_FOUND;
    });
}

/** Those that forecast demand; what is no model of the workspace any more is not known to. */
async function demandModels(models: readonly string[]): Promise<Set<string>> {
  const known = modelPackages().filter(({ name }) => models.includes(name));
  const quantities = await Promise.all(
    known.map(async ({ name }) => [name, (await loadModel(name)).quantity] as const),
  );
  return new Set(quantities.flatMap(([name, quantity]) => (quantity === 'demand' ? [name] : [])));
}

function tellMetrics(stage: string, { models }: MonitorResult): void {
  for (const { model, metrics, errorDrift } of models) {
    const about = { model };
    process.stderr.write(`${stageMetric(stage, 'ModelError', metrics['demandError']!, about)}\n`);
    if (errorDrift !== null) process.stderr.write(`${stageMetric(stage, 'ErrorDrift', errorDrift, about)}\n`);
  }
}

function parseShare(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number between 0 and 1.');
  return value;
}
