import { Argument, Option, type Command } from 'commander';
import { ConfigurationError, formatWeek, type Week } from '@hemline/core';
import { metricDefinitions } from '@hemline/sagemaker';
import { parseHyperparameters } from '@hemline/runtime';
import { jobName, processingRequest, trainingRequest, type LaunchKind } from '@hemline/sagemaker/requests';
import { checkLaunch, openSageMaker, stopJob } from '@hemline/sagemaker/submit';
import { type RunRecorder, Home } from '@hemline/runs';
import {
  followToEnd,
  leavingNotice,
  loadModel,
  modelPackage,
  registryOf,
  stepArguments,
  submitJob,
  type Launch,
} from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { dataInputs, jobSettings, withFollow, withLaunch, type LaunchOptions } from './launch-options.ts';
import { parseWeekOption, parseWhole, withHyperparameters, withPreset } from './options.ts';

interface TrainLaunchOptions extends LaunchOptions {
  readonly output: string;
  readonly cutoff?: Week;
  readonly set: Readonly<Record<string, string>>;
  readonly preset?: string;
  readonly seed: number;
  readonly spot?: boolean;
  readonly checkpoints?: string;
}

interface ProcessLaunchOptions extends LaunchOptions {
  readonly output: string;
  readonly step: 'features' | 'forecast' | 'evaluate';
  readonly cutoff?: Week;
  readonly horizon?: number;
  readonly discounts?: string;
  readonly segment?: string;
  readonly threads?: number;
  readonly count: number;
  readonly modelUri?: string;
  readonly dataset?: string;
  readonly registry?: string;
}

type UsedVersion = NonNullable<Launch['version']>;

type FollowOptions = Pick<LaunchOptions, 'poll' | 'stopOnInterrupt' | 'json'>;

/** Spare capacity is waited for as long as the job may run. */
const SPOT_PATIENCE = 2;

/**
 * Adds `hemline launch train | process | follow | stop`.
 * @param program to add to
 */
export function addLaunch(program: Command): void {
  const launch = program
    .command('launch')
    .description('jobs on SageMaker: submit one, follow its log, stop it')
    .addHelpText(
      'after',
      `
Ctrl-C while a job is followed leaves it running and says how to follow and to stop it; with --stop-on-interrupt it is stopped.
Exit codes: 0 the job is complete; 143 it was stopped, or left running; else that of its entrypoint where SageMaker tells it,
75 where SageMaker failed in a way that may pass, 65 where its time was up or the request breaks a limit, 70 otherwise.`,
    );
  withLaunch(withHyperparameters(launch.command('train')))
    .description('train a model on SageMaker, as the workflow does')
    .requiredOption('--output <url>', 's3://bucket/prefix, where <job>/output/model.tar.gz is left')
    .option('--cutoff <week>', 'last week it may know, YYYY-MM-DD', parseWeekOption)
    .option('--spot', 'on spare capacity: cheaper, may be interrupted, resumes from checkpoints')
    .option('--checkpoints <url>', 's3://bucket/prefix of them (default: checkpoints/<job> of the output)')
    .action(launchTraining);
  withLaunch(launch.command('process'))
    .description('forecast, evaluate or write features on SageMaker, as the workflow does')
    .addOption(
      new Option('--step <step>', 'what to do')
        .choices(['features', 'forecast', 'evaluate'])
        .default('forecast'),
    )
    .requiredOption('--output <url>', 's3://bucket/prefix to write to, one for each run')
    .option('--model-uri <url>', 'model.tar.gz or folder in S3 (default: the latest approved version)')
    .option('--dataset <name>', 'only a version that was trained on this dataset')
    .addOption(
      new Option('--registry <url>', 'where approved versions are (default: registry/ of HEMLINE_HOME)').env(
        'HEMLINE_REGISTRY',
      ),
    )
    .option('--count <n>', 'instances; each takes its share of the partitions', parseWhole, 1)
    .option('--cutoff <week>', "last known week, YYYY-MM-DD (default: the model's)", parseWeekOption)
    .option('--horizon <weeks>', 'weeks ahead', parseWhole)
    .option('--discounts <levels>', 'from:to:step or a list')
    .option('--segment <column>', 'evaluate: also score by this attribute of the items')
    .option('--threads <n>', 'threads that partitions are spread over', parseWhole)
    .action(launchProcessing);
  const kind = (): Argument => new Argument('<kind>', 'of the job').choices(['train', 'process']);
  withFollow(launch.command('follow'))
    .description('follow a job to its end: status, log, exit code')
    .addArgument(kind())
    .argument('<name>', 'of the job')
    .option('--json', 'print the result as JSON')
    .action((of: LaunchKind, name: string, options: FollowOptions) => followed(of, name, options));
  launch
    .command('stop')
    .description('tell a job to stop; it has two minutes to save what it can')
    .addArgument(kind())
    .argument('<name>', 'of the job')
    .action(async (of: LaunchKind, name: string) => {
      await stopJob(await openSageMaker(), of, name);
      printResult({ name }, `${name} has been told to stop.`, false);
    });
}

async function launchTraining(model: string, options: TrainLaunchOptions): Promise<void> {
  const definition = await loadModel(model);
  const hyperparameters = withPreset(options.set, options.preset);
  if (options.cutoff !== undefined) hyperparameters['cutoff'] = formatWeek(options.cutoff);
  hyperparameters['seed'] = String(options.seed);
  // A misspelt name costs seconds here, minutes there.
  parseHyperparameters(definition, hyperparameters);
  const name = options.name ?? jobName('train', model);
  const settings = jobSettings(model, name, 1, options);
  const channels = dataInputs(options);
  const { maximumSeconds } = settings.machines;
  const request = trainingRequest({
    ...settings,
    hyperparameters,
    channels,
    output: options.output,
    metricDefinitions: metricDefinitions(definition),
    ...(options.spot === true
      ? {
          spot: {
            checkpoints: options.checkpoints ?? `${options.output.replace(/\/$/, '')}/checkpoints/${name}`,
            maximumWaitSeconds: SPOT_PATIENCE * maximumSeconds,
          },
        }
      : {}),
  });
  await launched(
    {
      ...{ launch: { kind: 'train', request }, name, model, inputs: channels, image: settings.image },
      ...{ instanceType: options.instance, instances: 1, parameters: hyperparameters, output: null },
      version: null,
    },
    options,
  );
}

async function launchProcessing(model: string, options: ProcessLaunchOptions): Promise<void> {
  modelPackage(model);
  const { step, output, count, threads } = options;
  if (step === 'evaluate' && count > 1)
    throw new ConfigurationError('an evaluation runs on one host', {
      expected: '--count 1',
      found: String(count),
    });
  const name = options.name ?? jobName(step, model);
  const settings = jobSettings(model, name, count, options);
  const told = {
    ...{ step, cutoff: options.cutoff === undefined ? undefined : formatWeek(options.cutoff) },
    ...{ horizon: options.horizon, discounts: options.discounts, segment: options.segment, threads },
    // Forecasts and features go to S3 as they are made: a job that is started again skips what is there.
    output: step === 'evaluate' ? undefined : output,
  };
  const parameters = Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
  const version = step === 'features' ? null : await modelVersion(model, options);
  const inputs = [
    ...dataInputs(options),
    ...(version === null ? [] : [{ name: 'model', uri: version.artifact }]),
  ];
  const request = processingRequest({
    ...settings,
    arguments: stepArguments(told),
    inputs,
    outputs: step === 'evaluate' ? [{ name: 'evaluation', uri: output }] : [],
  });
  await launched(
    {
      ...{ launch: { kind: 'process', request }, name, model, inputs, image: settings.image },
      ...{ instanceType: options.instance, instances: count, parameters, output, version },
    },
    options,
  );
}

async function modelVersion(model: string, options: ProcessLaunchOptions): Promise<UsedVersion> {
  const role = options.step === 'evaluate' ? 'scored' : 'forecast';
  if (options.modelUri !== undefined)
    return { role, artifact: options.modelUri, version: null, trainedBy: null };
  const registry = await registryOf(options.registry);
  const approved = await registry.latestApproved(model, options.dataset);
  if (approved?.artifact.startsWith('s3://') === true)
    return { role, artifact: approved.artifact, version: approved.version, trainedBy: approved.run };
  throw new ConfigurationError(`there is no approved version of ${model} in S3`, {
    expected: 'a version whose artifact is an s3: URI',
    found: approved === null ? 'none' : `version ${approved.version}: ${approved.artifact}`,
    where: { file: registry.url },
    remedy: 'Name a model with --model-uri, or approve a version: "hemline models approve".',
  });
}

async function launched(job: Launch, options: LaunchOptions): Promise<void> {
  const { kind, request } = job.launch;
  if (options.dryRun === true) {
    await checkLaunch(job.launch);
    process.stdout.write(`${JSON.stringify(request, null, 2)}\n`);
    return;
  }
  const recorder = await submitJob(new Home(), job, {
    command: ['hemline', ...process.argv.slice(2)],
    signal: () => interruptSignal(leavingNotice(kind, job.name, options.stopOnInterrupt === true)),
    onLine: (text) => void process.stderr.write(`${text}\n`),
  });
  if (options.detach !== true) return followed(kind, job.name, options, recorder);
  await recorder.close();
  printResult(
    { kind, name: job.name, status: 'InProgress' },
    `${job.name} runs. Follow it: hemline launch follow ${kind} ${job.name}`,
    options.json,
  );
}

async function followed(
  kind: LaunchKind,
  name: string,
  options: FollowOptions,
  recorder: RunRecorder | null = null,
): Promise<void> {
  const bars = new ProgressBars();
  const stopOnInterrupt = options.stopOnInterrupt === true;
  try {
    const settings = {
      onLine: (text: string) => bars.log(text),
      onProgress: bars.update.bind(bars),
      pollSeconds: options.poll,
      signal: interruptSignal(leavingNotice(kind, name, stopOnInterrupt)),
      ...{ stopOnInterrupt, recorder },
    };
    const status = await followToEnd(new Home(), kind, name, settings);
    bars.stop();
    const artifact = status.artifact === null ? '' : `: ${status.artifact}`;
    printResult(status, `${name} is complete${artifact}`, options.json);
  } finally {
    bars.stop();
  }
}
