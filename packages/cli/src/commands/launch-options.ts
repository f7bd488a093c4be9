import { Option, type Command } from 'commander';
import { ConfigurationError } from '@hemline/core';
import type { JobInput, JobSettings } from '@hemline/sagemaker/requests';
import { collectPair, parseWhole } from './options.ts';

/** What jobs run on, and as whom. */
export interface JobOptions {
  readonly instance: string;
  readonly image?: string;
  readonly role?: string;
  readonly volume: number;
  readonly hours: number;
  readonly env: Readonly<Record<string, string>>;
  readonly tag: Readonly<Record<string, string>>;
  readonly kmsKey?: string;
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
}

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

/**
 * What every job is told, from the options.
 * @param model its name
 * @param name of the job
 * @param instances of it
 * @param options of the command line
 * @returns settings of the job
 * @throws ConfigurationError when image or role are missing
 */
export function jobSettings(
  model: string,
  name: string,
  instances: number,
  options: JobOptions,
): JobSettings {
  const { image, role, kmsKey, subnets, securityGroups } = options;
  const missing = [
    ...(image === undefined ? ['--image (HEMLINE_IMAGE)'] : []),
    ...(role === undefined ? ['--role (HEMLINE_ROLE)'] : []),
    ...((subnets === undefined) === (securityGroups === undefined)
      ? []
      : ['--subnets and --security-groups go together']),
  ];
  if (missing.length > 0)
    throw new ConfigurationError('the job lacks what SageMaker asks for', { expected: missing.join(', ') });
  return {
    name,
    image: image!.replaceAll('{model}', model),
    role: role!,
    machines: {
      instanceType: options.instance,
      instances,
      volumeGiB: options.volume,
      maximumSeconds: options.hours * 3600,
    },
    environment: { HEMLINE_RUN_ID: name, ...options.env },
    tags: { 'hemline:model': model, ...options.tag },
    ...(kmsKey === undefined ? {} : { keys: { disks: kmsKey, outputs: kmsKey } }),
    ...(subnets === undefined ? {} : { network: { subnets, securityGroups: securityGroups! } }),
  };
}

/**
 * The inputs that every job has.
 * @param options of the command line
 * @returns dataset and descriptor
 */
export function dataInputs({ data, descriptor }: Pick<LaunchOptions, 'data' | 'descriptor'>): JobInput[] {
  return [
    { name: 'dataset', uri: data },
    ...(descriptor === undefined ? [] : [{ name: 'descriptor', uri: descriptor }]),
  ];
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : parseWhole(text);
}
