import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import type { LocalBuckets, LocalObject } from './local-buckets.ts';
import type { ProcessingRequest, TrainingRequest } from './requests.ts';

/** Where SageMaker mounts a container's files. */
const SAGEMAKER_ROOT = '/opt/ml';

/**
 * Lays out what SageMaker gives a training container, from the request itself.
 * @param root folder in place of `/opt/ml`; made anew, but for its checkpoints and its log
 * @param request of the job
 * @param buckets where its channels lie
 */
export function fabricateTrainingRoot(root: string, request: TrainingRequest, buckets: LocalBuckets): void {
  const config = join(root, 'input', 'config');
  for (const name of ['input', 'model', 'output']) rmSync(join(root, name), { recursive: true, force: true });
  for (const folder of [
    config,
    join(root, 'input', 'data'),
    join(root, 'model'),
    join(root, 'output', 'data'),
  ])
    mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'checkpoints'), { recursive: true });
  const channels = request.InputDataConfig ?? [];
  for (const { ChannelName, DataSource } of channels) {
    const { S3Uri } = DataSource.S3DataSource;
    place(join(root, 'input', 'data', ChannelName), objectsOf(S3Uri, ChannelName, buckets));
  }
  writeJson(join(config, 'hyperparameters.json'), request.HyperParameters ?? {});
  writeJson(
    join(config, 'inputdataconfig.json'),
    Object.fromEntries(
      channels.map(({ ChannelName, DataSource }) => [
        ChannelName,
        {
          // FastFile appears as File in a container too.
          TrainingInputMode: 'File',
          S3DistributionType: DataSource.S3DataSource.S3DataDistributionType ?? 'FullyReplicated',
          RecordWrapperType: 'None',
        },
      ]),
    ),
  );
  writeJson(join(config, 'resourceconfig.json'), {
    current_host: 'algo-1',
    hosts: ['algo-1'],
    current_instance_type: request.ResourceConfig.InstanceType,
    current_group_name: 'homogeneousCluster',
    network_interface_name: 'eth0',
  });
}

/**
 * Lays out what SageMaker gives one host of a processing job.
 * @param root folder in place of `/opt/ml`; made anew, but for its log
 * @param request of the job
 * @param hosts names of all hosts, and which of them this is
 * @param buckets where its inputs lie
 */
export function fabricateProcessingRoot(
  root: string,
  request: ProcessingRequest,
  hosts: { readonly current: string; readonly all: readonly string[] },
  buckets: LocalBuckets,
): void {
  const config = join(root, 'config');
  for (const name of ['config', 'processing', 'output'])
    rmSync(join(root, name), { recursive: true, force: true });
  for (const folder of [config, join(root, 'output')]) mkdirSync(folder, { recursive: true });
  for (const { InputName, S3Input } of request.ProcessingInputs ?? []) {
    const objects = objectsOf(S3Input.S3Uri, InputName, buckets);
    const isSharded = S3Input.S3DataDistributionType === 'ShardedByS3Key';
    const index = hosts.all.indexOf(hosts.current);
    // Which host gets which object is not documented; dealing them out in turn is one way among others.
    const share = isSharded ? objects.filter((_, i) => i % hosts.all.length === index) : objects;
    // A host beyond the number of objects is not even given the folder.
    if (share.length > 0) place(relocate(S3Input.LocalPath, root), share);
  }
  for (const { S3Output } of request.ProcessingOutputConfig?.Outputs ?? []) {
    const folder = relocate(S3Output.LocalPath, root);
    mkdirSync(dirname(folder), { recursive: true });
    if (S3Output.S3UploadMode === 'Continuous') {
      const target = buckets.pathOf(S3Output.S3Uri);
      mkdirSync(target, { recursive: true });
      symlinkSync(target, folder);
    } else mkdirSync(folder, { recursive: true });
  }
  writeJson(join(config, 'resourceconfig.json'), { current_host: hosts.current, hosts: hosts.all });
  writeJson(join(config, 'processingjobconfig.json'), {
    ...request,
    ProcessingInputs: request.ProcessingInputs?.map((input) => ({
      ...input,
      S3Input: {
        ...input.S3Input,
        // The only host's share is everything: it need not take files for all there is to know of a series.
        ...(hosts.all.length === 1 ? { S3DataDistributionType: 'FullyReplicated' } : {}),
      },
    })),
    ProcessingJobArn: `arn:aws:sagemaker:local:000000000000:processing-job/${request.ProcessingJobName}`,
    NetworkConfig: null,
    ProcessingResources: {
      ClusterConfig: {
        ...request.ProcessingResources.ClusterConfig,
        InstanceCount: hosts.all.length,
      },
    },
  });
}

/**
 * Moves a path of the contract below another root.
 * @param path below `/opt/ml`
 * @param root in its place
 * @returns the path there
 */
export function relocate(path: string, root: string): string {
  if (path === SAGEMAKER_ROOT || path.startsWith(`${SAGEMAKER_ROOT}/`))
    return join(root, path.slice(SAGEMAKER_ROOT.length));
  throw new ConfigurationError('a path lies outside of what SageMaker mounts', {
    expected: `a path below ${SAGEMAKER_ROOT}`,
    found: path,
  });
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

/** Linked, not copied. */
function place(folder: string, objects: readonly LocalObject[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, name } of objects) {
    const target = join(folder, ...name.split('/'));
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(path, target);
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
