import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import { unlessAbsent } from '../requests/job-settings.ts';
import type { ProcessingRequest } from '../requests/processing-request.ts';
import type { TrainingRequest } from '../requests/training-request.ts';
import type { LocalBuckets, LocalObject } from '../run/local-buckets.ts';
import { relocate, rootPaths, SAGEMAKER_ROOT } from './root.ts';

/** The hosts of a job, and which of them a root is for. */
export interface RootHosts {
  readonly current: string;
  readonly all: readonly string[];
}

/** How an input comes into a root: a link to where it lies, or a copy of it. */
export type PlaceInput = (from: string, to: string) => void;

/** Nothing of the data is read or written. */
export const linkInput: PlaceInput = (from, to) => symlinkSync(from, to);

/** For containers that see nothing but their root: links would lead nowhere. */
export const copyInput: PlaceInput = (from, to) => cpSync(from, to, { recursive: true, dereference: true });

/** What the only host is called. */
export const ONE_HOST: RootHosts = { current: 'algo-1', all: ['algo-1'] };

/**
 * Lays out what SageMaker gives a training container, from the request itself; `readTrainingContext` reads it.
 * @param root folder in place of `/opt/ml`; made anew, but for its checkpoints and its log
 * @param request of the job
 * @param buckets where its channels lie
 * @param place how they come into the root
 */
export function fabricateTrainingRoot(
  root: string,
  request: TrainingRequest,
  buckets: LocalBuckets,
  place: PlaceInput = linkInput,
): void {
  for (const name of ['input', 'model', 'output']) rmSync(join(root, name), { recursive: true, force: true });
  const { inputData } = rootPaths({ SAGEMAKER_BASE_DIR: root });
  for (const { ChannelName, DataSource } of request.InputDataConfig)
    placeObjects(join(inputData, ChannelName), DataSource.S3DataSource.S3Uri, ChannelName, {
      buckets,
      place,
    });
  writeTrainingConfig(root, request);
}

/**
 * Writes what SageMaker tells a training container, and makes the folders that it may write to.
 * @param root folder in place of `/opt/ml`
 * @param request of the job
 */
export function writeTrainingConfig(root: string, request: TrainingRequest): void {
  const paths = rootPaths({ SAGEMAKER_BASE_DIR: root });
  for (const folder of [paths.inputData, paths.model, paths.outputData, paths.checkpoints])
    mkdirSync(folder, { recursive: true });
  writeJson(paths.hyperparameters, request.HyperParameters ?? {});
  const channels = request.InputDataConfig.map(({ ChannelName, DataSource }) => [
    ChannelName,
    {
      // FastFile appears as File in a container too.
      TrainingInputMode: 'File',
      S3DistributionType: DataSource.S3DataSource.S3DataDistributionType,
      RecordWrapperType: 'None',
    },
  ]);
  writeJson(paths.inputDataConfig, Object.fromEntries(channels));
  writeJson(paths.trainingResourceConfig, {
    current_host: ONE_HOST.current,
    hosts: ONE_HOST.all,
    current_instance_type: request.ResourceConfig.InstanceType,
    current_group_name: 'homogeneousCluster',
    network_interface_name: 'eth0',
  });
}

/**
 * Lays out what SageMaker gives one host of a processing job; `readProcessingContext` reads it.
 * @param root folder in place of `/opt/ml`; made anew, but for its log
 * @param request of the job
 * @param hosts names of all hosts, and which of them this is
 * @param buckets where its inputs lie
 * @param place how they come into the root
 */
export function fabricateProcessingRoot(
  root: string,
  request: ProcessingRequest,
  hosts: RootHosts,
  buckets: LocalBuckets,
  place: PlaceInput = linkInput,
): void {
  for (const name of ['config', 'processing', 'output'])
    rmSync(join(root, name), { recursive: true, force: true });
  for (const { InputName, S3Input } of request.ProcessingInputs ?? []) {
    const isSharded = S3Input.S3DataDistributionType === 'ShardedByS3Key';
    placeObjects(pathIn(root, S3Input.LocalPath), S3Input.S3Uri, InputName, {
      ...{ buckets, place },
      ...(isSharded ? { hosts } : {}),
    });
  }
  for (const { S3Output } of request.ProcessingOutputConfig?.Outputs ?? []) {
    const folder = pathIn(root, S3Output.LocalPath);
    mkdirSync(dirname(folder), { recursive: true });
    if (S3Output.S3UploadMode === 'Continuous') {
      const target = buckets.pathOf(S3Output.S3Uri);
      mkdirSync(target, { recursive: true });
      symlinkSync(target, folder);
    } else mkdirSync(folder, { recursive: true });
  }
  writeProcessingConfig(root, hosts.all.length === 1 ? withoutShares(request) : request, hosts);
}

/** The only host's share is everything: it need not take files for all there is to know of a series. */
function withoutShares(request: ProcessingRequest): ProcessingRequest {
  return {
    ...request,
    ...unlessAbsent(
      'ProcessingInputs',
      request.ProcessingInputs?.map(({ S3Input, ...input }) => ({
        ...input,
        S3Input: { ...S3Input, S3DataDistributionType: 'FullyReplicated' as const },
      })),
    ),
  };
}

/**
 * Writes what SageMaker tells one host of a processing job: the request, with null for what it leaves out.
 * @param root folder in place of `/opt/ml`
 * @param request of the job
 * @param hosts names of all hosts, and which of them this is
 */
export function writeProcessingConfig(root: string, request: ProcessingRequest, hosts: RootHosts): void {
  const paths = rootPaths({ SAGEMAKER_BASE_DIR: root });
  mkdirSync(dirname(paths.message), { recursive: true });
  writeJson(paths.processingResourceConfig, { current_host: hosts.current, hosts: hosts.all });
  writeJson(paths.processingJobConfig, {
    Environment: null,
    ProcessingOutputConfig: null,
    NetworkConfig: null,
    ...request,
    ProcessingInputs:
      request.ProcessingInputs?.map((input) => ({ ...input, DatasetDefinition: null })) ?? null,
    ProcessingJobArn: `arn:aws:sagemaker:local:000000000000:processing-job/${request.ProcessingJobName}`,
    ProcessingResources: {
      ClusterConfig: { ...request.ProcessingResources.ClusterConfig, InstanceCount: hosts.all.length },
    },
  });
}

/**
 * Where a path of the contract lies on this machine.
 * @param root in place of `/opt/ml`
 * @param path below `/opt/ml`
 * @returns the path there
 * @throws ConfigurationError for a path elsewhere
 */
export function pathIn(root: string, path: string): string {
  if (path.startsWith(`${SAGEMAKER_ROOT}/`)) return relocate(path, root);
  throw new ConfigurationError('a path lies outside of what SageMaker mounts', {
    expected: `a path below ${SAGEMAKER_ROOT}`,
    found: path,
  });
}

/** A folder of this machine as a whole, objects one by one, for one of several hosts its share. */
function placeObjects(
  target: string,
  uri: string,
  name: string,
  { buckets, place, hosts }: { buckets: LocalBuckets; place: PlaceInput; hosts?: RootHosts },
): void {
  const folder = buckets.folderOf(uri);
  if (folder !== null && hosts === undefined) {
    mkdirSync(dirname(target), { recursive: true });
    return place(folder, target);
  }
  const objects = objectsOf(uri, name, buckets);
  const index = hosts?.all.indexOf(hosts.current) ?? 0;
  // Which host gets which object is not documented; dealing them out in turn is one way among others.
  const share = hosts === undefined ? objects : objects.filter((_, i) => i % hosts.all.length === index);
  // A host beyond the number of objects is not even given the folder.
  for (const { path, name: below } of share) {
    const file = join(target, ...below.split('/'));
    mkdirSync(dirname(file), { recursive: true });
    place(path, file);
  }
}

/** SageMaker fails a job whose prefix matches nothing, before it starts. */
function objectsOf(uri: string, name: string, buckets: LocalBuckets): LocalObject[] {
  const objects = buckets.list(uri);
  if (objects.length > 0) return objects;
  throw new ConfigurationError(`the input ${name} has no objects`, {
    expected: `keys that begin with ${uri}`,
    found: 'none',
    where: { file: buckets.pathOf(uri) },
    remedy: 'Check the path.',
  });
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
