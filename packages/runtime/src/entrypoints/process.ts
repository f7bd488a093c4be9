import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConfigurationError,
  checkCutoff,
  formatWeek,
  parseWeek,
  type AnyModel,
  type TableName,
} from '@hemline/core';
import { evaluateFitted } from '@hemline/evaluation';
import { openArtifact, writeWhole } from '../artifacts/index.ts';
import { openDatasetFromChannels } from '../datasets/index.ts';
import { tableFiles } from '../datasets/table-files.ts';
import { readProcessingContext, rootPaths, type ProcessingContext } from '../sagemaker/index.ts';
import { createTelemetry } from '../telemetry/index.ts';
import { forecastPartitions } from './forecast-partitions.ts';
import { checkInputs, validateInputs } from './job-inputs.ts';
import { modelFolder } from './model-input.ts';
import {
  PROCESSING_HELP,
  parseProcessingArguments,
  type ProcessingArguments,
} from './processing-arguments.ts';
import { runEntrypoint } from './run-entrypoint.ts';
import type { JobProcess } from './job-process.ts';
import { requiredInput, requiredOutput, type ProcessingJob } from './processing-job.ts';

/**
 * The processing entrypoint: what `process.ts` of a model calls. Reads the root and the arguments, forecasts or
 * evaluates, and sets the exit code.
 * @param model to use
 */
export async function processJob(model: AnyModel): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(
      `Forecasts with ${model.name}, or evaluates it: ${model.description}\n${PROCESSING_HELP}\n`,
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
  await runEntrypoint({ telemetry, reasonPath: rootPaths(environment).message }, (signal) =>
    runProcessing(model, argv, { environment, signal, telemetry }),
  );
}

/**
 * One processing job, from a root to a committed output.
 * @param model to use
 * @param argv arguments without node and script
 * @param job environment, signal, telemetry
 * @throws HemlineError for everything foreseen; partitions committed so far stay
 */
export async function runProcessing(
  model: AnyModel,
  argv: readonly string[],
  job: JobProcess,
): Promise<void> {
  const parsed = parseProcessingArguments(argv);
  const context = await readProcessingContext(job.environment);
  checkSharding(context);
  if (parsed.step === 'evaluate' && context.hosts.index > 0) {
    job.telemetry.info(`${context.hosts.all[0]} evaluates for all hosts: nothing to do here`);
    return;
  }
  if (parsed.step === 'forecast' && (await isEmptyShard(context))) {
    job.telemetry.info('this host was given no partition: nothing to do');
    return;
  }
  const folder = await modelFolder(requiredInput(context, 'model'));
  try {
    await runStep(model, parsed, context, folder.path, job);
  } finally {
    await folder.release();
  }
}

async function runStep(
  model: AnyModel,
  parsed: ProcessingArguments,
  context: ProcessingContext,
  folder: string,
  job: JobProcess,
): Promise<void> {
  const { card, artifact } = await openArtifact(folder, model);
  const cutoff = parsed.cutoff ?? parseWeek(card.cutoff);
  checkCutoff(cutoff, parseWeek(card.cutoff));
  if (parsed.step === 'evaluate' && parseWeek(card.cutoff) > cutoff) {
    throw new ConfigurationError('the model knows the weeks that it would be scored on', {
      expected: `a cutoff of ${card.cutoff} or later`,
      found: formatWeek(cutoff),
      remedy: 'Train with an earlier cutoff, or evaluate with a later one.',
    });
  }
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(Object.values(context.inputs).map((input) => [input.name, input.directory])),
  );
  checkInputs(model, model.inputs.predict, dataset.tables);
  const names: TableName[] = [
    'weekly',
    'articles',
    'markets',
    ...(Object.keys(model.inputs.predict) as TableName[]),
  ];
  await validateInputs(dataset, [...new Set(names)], {
    environment: job.environment,
    wholeFiles: context.inputs['weekly']?.sharded,
    signal: job.signal,
    onProgress: (event) => job.telemetry.progress(event),
  });
  const fitted = await model.load(artifact);
  try {
    const work: ProcessingJob = { ...job, model, fitted, card, dataset, context, arguments: parsed, cutoff };
    if (parsed.step === 'forecast') await forecastPartitions(work);
    else await evaluate(work);
  } finally {
    fitted.dispose();
  }
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

async function evaluate({
  model,
  fitted,
  dataset,
  context,
  arguments: { horizon, batchRows, segment },
  cutoff,
  signal,
  telemetry,
}: ProcessingJob): Promise<void> {
  const directory = requiredOutput(context, 'evaluation');
  const sharded = Object.values(context.inputs).find((input) => input.sharded);
  if (sharded !== undefined && context.hosts.all.length > 1) {
    throw new ConfigurationError('scores need all of the data on one host', {
      expected: 'FullyReplicated inputs',
      found: `ShardedByS3Key for ${sharded.name}`,
      remedy: 'Use one instance, or replicate the inputs.',
    });
  }
  telemetry.progress({ phase: 'evaluating', done: 0, total: 1, unit: 'windows' });
  const scores = await evaluateFitted(
    model,
    fitted,
    dataset.tables,
    { cutoff, horizon },
    { batchRows, segment, signal },
  );
  for (const [name, value] of Object.entries(scores.metrics)) telemetry.metric(name, value);
  const report = { model: model.name, cutoff: formatWeek(cutoff), horizon, ...scores };
  await writeWhole(join(directory, 'metrics.json'), `${JSON.stringify(report, null, 2)}\n`);
  telemetry.progress({ phase: 'evaluating', done: 1, total: 1, unit: 'windows' });
}

/** With more hosts than objects, some are given none. */
async function isEmptyShard({ inputs: { weekly } }: ProcessingContext): Promise<boolean> {
  if (weekly?.sharded !== true) return false;
  const there = await stat(weekly.directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return there === null || (await tableFiles(weekly.directory)).length === 0;
}
