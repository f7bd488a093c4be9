import { stat } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import {
  ConfigurationError,
  formatWeek,
  UnsupportedError,
  valueAt,
  type AnyModel,
  type Batch,
  type TableName,
} from '@hemline/core';
import { evaluateFitted } from '@hemline/evaluation';
import { modelFolder } from '../artifacts/model-folder.ts';
import { tableFiles } from '../datasets/table-files.ts';
import { readProcessingContext, rootPaths, type ProcessingContext } from '@hemline/sagemaker';
import { openStore } from '@hemline/stores';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { runBacktest } from './backtest-job.ts';
import { openFeatures, openNothing, type FeaturesJob } from './features-job.ts';
import { forecastNothing, forecastPartitions } from './forecast-partitions.ts';
import { checkInputs, validateInputs } from './job-inputs.ts';
import type { JobProcess } from './job-process.ts';
import { runThread, threadData } from './partitions/run-thread.ts';
import {
  PROCESSING_HELP,
  parseProcessingArguments,
  type ProcessingArguments,
} from './processing-arguments.ts';
import {
  openData,
  openModel,
  outputOf,
  requiredInput,
  type ProcessingJob,
  type ProcessingModel,
} from './processing-job.ts';
import { runEntrypoint } from './run-entrypoint.ts';
import { withWholeSeries } from './scattered-data.ts';

/**
 * The processing entrypoint: what `process.ts` of a model calls. Reads the root and the arguments, forecasts, evaluates or
 * backtests, and sets the exit code. In a thread that such a job has started, it forecasts the partitions it is given.
 * @param model to use
 */
export async function processJob(model: AnyModel): Promise<void> {
  const thread = threadData();
  if (thread !== null) {
    await runThread(model, thread);
    return;
  }
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(
      `Writes the features of ${model.name}, forecasts with it, evaluates or backtests it: ${model.description}\n${PROCESSING_HELP}\n`,
    );
    return;
  }
  const environment = process.env;
  const facts = {
    model: model.name,
    job: environment['HEMLINE_RUN_ID'] ?? 'local',
    host: environment['CURRENT_HOST'] ?? 'algo-1',
  };
  const telemetry = createTelemetry(facts, environment);
  const entry = isMainThread ? process.argv[1] : undefined;
  await runEntrypoint({ telemetry, reasonPath: rootPaths(environment).message }, (signal) =>
    runProcessing(model, argv, { environment, signal, telemetry, entry }),
  );
}

/**
 * One processing job, from a root to a committed output.
 * @param model to use
 * @param argv arguments without node and script
 * @param job environment, signal, telemetry; the entry module where threads may be started
 * @throws HemlineError for everything foreseen; partitions committed so far stay
 */
export async function runProcessing(
  model: AnyModel,
  argv: readonly string[],
  job: JobProcess,
): Promise<void> {
  const parsed = parseProcessingArguments(argv, job.environment);
  checkForm(model, parsed);
  const context = await readProcessingContext(job.environment);
  checkSharding(context);
  if (parsed.step === 'evaluate' && context.hosts.index > 0) {
    job.telemetry.info(`${context.hosts.all[0]} evaluates for all hosts: nothing to do here`);
    return;
  }
  if (parsed.step === 'backtest') {
    await runBacktest(model, { ...job, context, arguments: parsed });
    return;
  }
  if (parsed.step === 'features') {
    const given = { ...job, context, argv, arguments: parsed };
    if (await isEmptyShard(context)) await forecastNothing(openNothing(model, given));
    else
      await withWholeSeries(context, job, async (whole, scratch) =>
        writeFeatures({ ...(await openFeatures(model, { ...given, context: whole })), scratch }),
      );
    return;
  }
  const folder = await modelFolder(requiredInput(context, 'model'));
  try {
    await runStep(await openModel(model, folder.path, { ...job, context, argv, arguments: parsed }));
  } finally {
    await folder.release();
  }
}

/** Before any data is read. */
function checkForm(model: AnyModel, { step, form }: ProcessingArguments): void {
  if (form === 'grid') return;
  if (step !== 'forecast')
    throw new ConfigurationError("the job's arguments are not valid", {
      expected: `--form ${form} with --step forecast`,
      found: `--step ${step}`,
      remedy: 'Leave --form out.',
    });
  if (model.curves === undefined)
    throw new UnsupportedError(`${model.name} has no curves`, {
      expected: 'a model that declares curves, for --form curves',
      remedy: 'Ask for the grid: leave --form out.',
    });
}

async function runStep(opened: ProcessingModel): Promise<void> {
  const { model, context, environment, signal, telemetry } = opened;
  const { step } = opened.arguments;
  if (step === 'forecast' && (await isEmptyShard(context))) return forecastNothing(opened);
  const job = await openData(opened);
  checkInputs(model, model.inputs.predict, job.dataset.tables);
  const names: TableName[] = [
    'weekly',
    'articles',
    'markets',
    ...(Object.keys(model.inputs.predict) as TableName[]),
  ];
  await validateInputs(job.dataset, [...new Set(names)], {
    environment,
    wholeFiles: context.inputs['weekly']?.sharded,
    signal,
    onProgress: (event) => telemetry.progress(event),
  });
  if (step === 'forecast') await forecastPartitions(job);
  else await evaluate(job);
}

async function writeFeatures(job: FeaturesJob): Promise<void> {
  await validateInputs(job.dataset, ['weekly', 'articles', 'markets'], {
    environment: job.environment,
    wholeFiles: job.context.inputs['weekly']?.sharded,
    signal: job.signal,
    onProgress: (event) => job.telemetry.progress(event),
  });
  await forecastPartitions(job);
  // The same of every host.
  const store = await openStore(outputOf(job, 'features'));
  await store.write('_features.json', `${JSON.stringify(job.definition, null, 2)}\n`);
}

/** Only the weekly table can be dealt out: of any other a host would miss what its partitions need. */
function checkSharding({ inputs, hosts }: ProcessingContext): void {
  const torn = Object.values(inputs).filter(
    (input) => input.sharded && input.name !== 'weekly' && hosts.all.length > 1,
  );
  if (torn.length === 0) return;
  throw new ConfigurationError('an input is sharded that every host needs whole', {
    expected: 'S3DataDistributionType FullyReplicated for all inputs but weekly',
    found: `ShardedByS3Key for ${torn.map((input) => input.name).join(', ')}`,
    remedy: 'Hand the tables over as inputs of their own, and shard weekly alone.',
  });
}

async function evaluate(job: ProcessingJob): Promise<void> {
  const { model, dataset, context, cutoff, signal, telemetry } = job;
  const { horizon, batchRows, segment } = job.arguments;
  const output = outputOf(job, 'evaluation');
  const sharded = Object.values(context.inputs).find((input) => input.sharded);
  if (sharded !== undefined && context.hosts.all.length > 1) {
    throw new ConfigurationError('scores need all of the data on one host', {
      expected: 'FullyReplicated inputs',
      found: `ShardedByS3Key for ${sharded.name}`,
      remedy: 'Use one instance, or replicate the inputs.',
    });
  }
  telemetry.progress({ phase: 'evaluating', done: 0, total: 1, unit: 'windows' });
  const fitted = await model.load(job.artifact);
  try {
    const window = { cutoff, horizon };
    const { segments, ...scores } = await evaluateFitted(model, fitted, dataset.tables, window, {
      batchRows,
      segment,
      allSegments: true,
      signal,
    });
    for (const [name, value] of Object.entries(scores.metrics)) telemetry.metric(name, value);
    const report = {
      model: model.name,
      quantity: model.quantity,
      cutoff: formatWeek(cutoff),
      horizon,
      ...scores,
    };
    const store = await openStore(output);
    await store.write('metrics.json', `${JSON.stringify(report, null, 2)}\n`);
    await store.write('segments.json', linesOf(segments));
    for (const [name, table] of Object.entries(fitted.insights ?? {}))
      await store.write(`insights/${name}.json`, `${JSON.stringify(rowsOf(table), null, 2)}\n`);
  } finally {
    fitted.dispose();
  }
  telemetry.progress({ phase: 'evaluating', done: 1, total: 1, unit: 'windows' });
}

/** A list of objects, each on a line of its own. */
function linesOf(rows: readonly object[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

/** A small table as a list of objects, which every plotting tool reads. */
function rowsOf(table: Batch): Record<string, unknown>[] {
  return Array.from({ length: table.length }, (_, row) =>
    Object.fromEntries([...table.columns].map(([name, column]) => [name, valueAt(column, row)])),
  );
}

/** With more hosts than objects, some are given none; a host by itself that is given none lacks its data. */
async function isEmptyShard({ inputs: { weekly }, hosts }: ProcessingContext): Promise<boolean> {
  if (weekly?.sharded !== true || hosts.all.length === 1) return false;
  const there = await stat(weekly.directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return there === null || (await tableFiles(weekly.directory)).length === 0;
}
