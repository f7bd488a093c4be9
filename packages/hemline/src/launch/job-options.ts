import { ConfigurationError } from '@hemline/core';
import type { JobInput, JobSettings } from '@hemline/sagemaker/requests';
import type { DataOptions } from '../work-options.ts';

/** What jobs on SageMaker run on, and as whom. */
export interface JobOptions {
  /** Type of the instances, such as `ml.m5.4xlarge`. */
  readonly instance: string;
  /** Container image, in which `{model}` stands for the model; by default `HEMLINE_IMAGE`. */
  readonly image?: string;
  /** Role that the job takes; by default `HEMLINE_ROLE`. */
  readonly role?: string;
  /** Disk of each instance in GiB, 100 by default. */
  readonly volume?: number;
  /** Most hours that it may run, 6 by default. */
  readonly hours?: number;
  /** Environment variables of the job. */
  readonly env?: Readonly<Record<string, string>>;
  readonly tag?: Readonly<Record<string, string>>;
  /** Key of disks and outputs. */
  readonly kmsKey?: string;
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
}

/** Most hours of a job, where nothing else is said. */
export const DEFAULT_HOURS = 6;

/**
 * What every job is told, from the options.
 * @param model its name
 * @param name of the job
 * @param instances of it
 * @param options of the job
 * @returns settings of the job
 * @throws ConfigurationError when image or role are missing
 */
export function jobSettings(
  model: string,
  name: string,
  instances: number,
  options: JobOptions,
): JobSettings {
  const { kmsKey, subnets, securityGroups, volume = 100, hours = DEFAULT_HOURS } = options;
  const image = options.image ?? process.env['HEMLINE_IMAGE'];
  const role = options.role ?? process.env['HEMLINE_ROLE'];
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
      volumeGiB: volume,
      maximumSeconds: hours * 3600,
    },
    environment: { HEMLINE_RUN_ID: name, ...options.env },
    tags: { 'hemline:model': model, ...options.tag },
    ...(kmsKey === undefined ? {} : { keys: { disks: kmsKey, outputs: kmsKey } }),
    ...(subnets === undefined ? {} : { network: { subnets, securityGroups: securityGroups! } }),
  };
}

/**
 * The inputs that every job has.
 * @param options dataset and descriptor, in S3
 * @returns both
 */
export function dataInputs({ data, descriptor }: DataOptions): JobInput[] {
  return [
    { name: 'dataset', uri: data },
    ...(descriptor === undefined ? [] : [{ name: 'descriptor', uri: descriptor }]),
  ];
}
