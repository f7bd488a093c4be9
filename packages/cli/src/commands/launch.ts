import { Argument, Option, type Command } from 'commander';
import type { Week } from '@hemline/core';
import {
  followToEnd,
  leavingNotice,
  processingLaunch,
  submitJob,
  trainingLaunch,
  type Launch,
} from '@hemline/hemline';
import { Home, type RunRecorder } from '@hemline/runs';
import type { LaunchKind } from '@hemline/sagemaker/requests';
import { checkLaunch, openSageMaker, stopJob } from '@hemline/sagemaker/submit';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { typed } from '../terminal/with-bars.ts';
import { withFollow, withLaunch, type LaunchOptions } from './launch-options.ts';
import { parseWeekOption, parseWhole, withHyperparameters } from './options.ts';

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

type FollowOptions = Pick<LaunchOptions, 'poll' | 'stopOnInterrupt' | 'json'>;

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
    .option('--json', 'print the result as JSON')
    .action(async (of: LaunchKind, name: string, { json }: { json?: boolean }) => {
      await stopJob(await openSageMaker(), of, name);
      printResult({ name }, `${name} has been told to stop.`, json);
    });
}

async function launchTraining(model: string, { set, ...options }: TrainLaunchOptions): Promise<void> {
  await launched(await trainingLaunch(model, { ...options, hyperparameters: set }), options);
}

async function launchProcessing(model: string, options: ProcessLaunchOptions): Promise<void> {
  await launched(await processingLaunch(model, options), options);
}

async function launched(job: Launch, options: LaunchOptions): Promise<void> {
  const { kind, request } = job.launch;
  if (options.dryRun === true) {
    await checkLaunch(job.launch);
    process.stdout.write(`${JSON.stringify(request, null, 2)}\n`);
    return;
  }
  const recorder = await submitJob(new Home(), job, {
    command: typed(),
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
