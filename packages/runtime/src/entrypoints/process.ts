import { stat } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import { ConfigurationError, type AnyModel, type TableName } from '@hemline/core';
import { readProcessingContext, rootPaths, type ProcessingContext } from '@hemline/sagemaker';
import { openStore } from '@hemline/stores';
import { modelFolder } from '../artifacts/model-folder.ts';
import { tableFiles } from '../datasets/table-files.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { featuresProvenance, openFeatures, type FeaturesJob } from './features-job.ts';
import { checkForm, forecastJob, openModel, provenanceOf, type OpenedModel } from './forecast-job.ts';
import { checkPast } from './check-past.ts';
import { checkInputs, validateInputs } from './job-inputs.ts';
import { commitNothing, runPartitions } from './partitions/run-partitions.ts';
import { runThread, threadData } from './partitions/run-thread.ts';
import { PROCESSING_HELP, parseProcessingArguments } from './processing-arguments.ts';
import { openData, outputOf, requiredInput } from './processing-job.ts';
import { runEntrypoint, type JobProcess } from './run-entrypoint.ts';
import { withWholeSeries } from './scattered-data.ts';

/**
 * The processing entrypoint: what `process.ts` of a model calls. Reads the root and the arguments, forecasts, evaluates or
 * backtests, and sets the exit code. In a thread that such a job has started, it makes the partitions it is given.
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
  await runEntrypoint(
    { telemetry, reasonPath: rootPaths(environment).message, tellsExitCode: true },
    (signal) => runProcessing(model, argv, { environment, signal, telemetry, entry }),
  );
}

/**
 * One processing job, from a root to a committed output.
 * @param model to use
 * @param argv arguments without node and script
 * @param job environment, signal, telemetry; the entry module where threads may be started
 * @returns when all of it is done
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
  const request = { ...job, context, argv, arguments: parsed };
  if (parsed.step === 'backtest') {
    const { runBacktest } = await import('./backtest-job.ts');
    return runBacktest(model, request);
  }
  if (parsed.step === 'features') {
    if (await isEmptyShard(context))
      return commitNothing({ ...request, provenance: featuresProvenance(model, request) });
    return withWholeSeries(context, job, async (whole, scratch) =>
      writeFeatures({ ...(await openFeatures(model, { ...request, context: whole })), scratch }),
    );
  }
  const folder = await modelFolder(requiredInput(context, 'model'));
  try {
    await runStep(await openModel(model, folder.path, request));
  } finally {
    await folder.release();
  }
}

async function runStep(opened: OpenedModel): Promise<void> {
  const { model, context, environment, signal, telemetry } = opened;
  const { step } = opened.arguments;
  if (step === 'forecast' && (await isEmptyShard(context)))
    return commitNothing({ ...opened, provenance: provenanceOf(opened) });
  const dataset = await openData(opened);
  checkInputs(model, model.inputs.predict, dataset.tables);
  await checkPast(opened, dataset);
  const names: TableName[] = [
    'weekly',
    'articles',
    'markets',
    ...(Object.keys(model.inputs.predict) as TableName[]),
  ];
  const checked = await validateInputs(dataset, [...new Set(names)], {
    environment,
    wholeFiles: context.inputs['weekly']?.sharded,
    signal,
    onProgress: (event) => telemetry.progress(event),
  });
  if (step === 'forecast') return runPartitions(forecastJob(opened, dataset), checked?.series ?? null);
  const { evaluate } = await import('./evaluate-job.ts');
  return evaluate(opened, dataset);
}

async function writeFeatures(job: FeaturesJob): Promise<void> {
  const checked = await validateInputs(job.dataset, ['weekly', 'articles', 'markets'], {
    environment: job.environment,
    wholeFiles: job.context.inputs['weekly']?.sharded,
    signal: job.signal,
    onProgress: (event) => job.telemetry.progress(event),
  });
  await runPartitions(job, checked?.series ?? null);
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

/** With more hosts than objects, some are given none; a host by itself that is given none lacks its data. */
async function isEmptyShard({ inputs: { weekly }, hosts }: ProcessingContext): Promise<boolean> {
  if (weekly?.sharded !== true || hosts.all.length === 1) return false;
  const there = await stat(weekly.directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return there === null || (await tableFiles(weekly.directory)).length === 0;
}
