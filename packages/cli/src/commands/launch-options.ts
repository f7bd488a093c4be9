import { Option, type Command } from 'commander';
import type { JobOptions } from '@hemline/hemline';
import { collectPair, parseWhole } from './options.ts';

/** Options of every launch. */
export interface LaunchOptions extends JobOptions {
  readonly data: string;
  readonly descriptor?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  readonly stopOnInterrupt?: boolean;
  readonly poll: number;
  readonly json?: boolean;
}

/**
 * Adds the options that every launch has.
 * @param command to add to
 * @returns it
 */
export function withLaunch(command: Command): Command {
  return withFollow(
    withJobs(
      command
        .argument('<model>', 'name of a model')
        .requiredOption('--data <url>', 'dataset, s3://bucket/prefix')
        .option('--descriptor <url>', 'a dataset.json in S3 that lies elsewhere')
        .requiredOption('--instance <type>', 'instance type, such as ml.m5.4xlarge'),
    )
      .option('--name <name>', 'name of the job (default: kind, model, time)')
      .option('--dry-run', 'check and print the request, start nothing')
      .option('--detach', 'submit the job and leave'),
  ).option('--json', 'print the result as JSON');
}

/**
 * Adds what every job is told besides its instance type.
 * @param command to add to
 * @returns it
 */
export function withJobs(command: Command): Command {
  const pairs = (flag: string, what: string): Option =>
    new Option(flag, `${what}; may be given several times`).argParser(collectPair).default({}, 'none');
  const list = (text: string): string[] => text.split(',').map((each) => each.trim());
  return command
    .addOption(
      new Option('--image <uri>', 'container image; {model} stands for the model').env('HEMLINE_IMAGE'),
    )
    .addOption(new Option('--role <arn>', 'role that the job takes').env('HEMLINE_ROLE'))
    .option('--volume <GiB>', 'disk of each instance', parseWhole, 100)
    .option('--hours <n>', 'most hours that it may run', parseWhole, 6)
    .addOption(pairs('--env <name=value>', 'environment variable of the job'))
    .addOption(pairs('--tag <name=value>', 'tag of the job'))
    .option('--kms-key <id>', 'key of disks and outputs')
    .option('--subnets <ids>', 'subnets, separated by commas', list)
    .option('--security-groups <ids>', 'security groups, separated by commas', list);
}

/**
 * Adds the options of following a job.
 * @param command to add to
 * @returns it
 */
export function withFollow(command: Command): Command {
  return command
    .option('--stop-on-interrupt', 'Ctrl-C stops the job too (default: it goes on)')
    .option('--poll <seconds>', 'between two looks at the job', parseSeconds, 5);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : parseWhole(text);
}
