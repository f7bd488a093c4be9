import { checkCutoff, ConfigurationError, formatWeek, type AnyModel, type TableName } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { openDatasetFromChannels } from '../datasets/open-dataset.ts';
import { loadMembers } from '../members/load-members.ts';
import { parseHyperparameters } from '../hyperparameters/hyperparameters.ts';
import type { ProcessingContext } from '@hemline/sagemaker';
import { openStore } from '@hemline/stores';
import { peakMemoryBytes } from '../telemetry/peak-memory.ts';
import { checkInputs, validateInputs } from './job-inputs.ts';
import type { ProcessingArguments } from './processing-arguments.ts';
import { outputOf } from './processing-job.ts';
import { tellPassedOver } from './tell-passed-over.ts';
import { codeVersion, type JobProcess } from './run-entrypoint.ts';

/** What a backtest leaves in `scores.json`. Metrics that are no finite number are texts: `"NaN"`. */
export interface BacktestScores {
  readonly schema: 1;
  readonly model: string;
  readonly quantity: string;
  /** ISO date of the last week that the model knew. */
  readonly cutoff: string;
  readonly seed: number;
  readonly horizon: number;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Rows that were scored. */
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Time that fit and scoring took. */
  readonly seconds: number;
  /** Most memory that the process had. */
  readonly peakBytes: number;
  /** Fingerprint of the data as the job was given it. */
  readonly data: string;
  /** Version of the code that ran. */
  readonly code: string;
}

/**
 * Fits a model on what was known at a cutoff and scores it on the weeks after it, in one job: one fit of `hemline backtest`, to
 * the last digit. Leaves `scores.json` and no model.
 * @param model to fit
 * @param job environment, signal, telemetry; arguments and context of the job
 * @throws ConfigurationError when there is no cutoff, or there are several hosts
 * @throws HyperparameterError that names every unknown name and every wrong value
 * @throws DataError for the first problem of the data, and when nothing was observed after the cutoff
 */
export async function runBacktest(
  model: AnyModel,
  job: JobProcess & { readonly arguments: ProcessingArguments; readonly context: ProcessingContext },
): Promise<void> {
  const { environment, signal, telemetry, context } = job;
  const { cutoff, horizon, seed, set } = job.arguments;
  if (cutoff === null)
    throw new ConfigurationError('a backtest needs a cutoff', {
      expected: '--cutoff YYYY-MM-DD, the last week that the model may know',
      found: 'none',
    });
  if (context.hosts.all.length > 1)
    throw new ConfigurationError('a model is fitted on one host', {
      expected: 'InstanceCount 1',
      found: `hosts ${context.hosts.all.join(', ')}`,
      remedy: 'Take a larger instance.',
    });
  const output = outputOf(job, 'backtest');
  const { hyperparameters } = parseHyperparameters(model, set);
  const inputs = Object.values(context.inputs);
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(inputs.map(({ name, directory }) => [name, directory])),
  );
  tellPassedOver(dataset, telemetry);
  checkInputs(model, model.inputs.fit, dataset.tables);
  checkInputs(model, model.inputs.predict, dataset.tables);
  const names = new Set(['weekly', ...Object.keys(model.inputs.fit), ...Object.keys(model.inputs.predict)]);
  const onProgress = telemetry.progress.bind(telemetry);
  await validateInputs(dataset, [...names] as TableName[], { environment, signal, onProgress });
  if (dataset.tables.find('weekly') !== undefined) checkCutoff(cutoff, await dataset.lastKnownWeek());
  const started = performance.now();
  const members = await loadMembers(model);
  const options = { cutoffs: [cutoff], seeds: [seed], horizon, hyperparameters, members };
  const { quantity, cutoffs } = await backtest(model, dataset.tables, { ...options, signal, onProgress });
  const { rows, metrics } = cutoffs[0]!;
  for (const [name, value] of Object.entries(metrics)) telemetry.metric(name, value);
  const scores: BacktestScores = {
    ...{ schema: 1, model: model.name, quantity, cutoff: formatWeek(cutoff), seed, horizon },
    ...{ hyperparameters, rows, metrics },
    seconds: Math.round(performance.now() - started) / 1000,
    peakBytes: peakMemoryBytes(),
    ...{ data: dataset.fingerprint, code: codeVersion(environment) },
  };
  await (await openStore(output)).write('scores.json', `${JSON.stringify(scores, finiteOrText, 2)}\n`);
}

/** JSON would turn them to null, which says that nothing was measured. */
function finiteOrText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
