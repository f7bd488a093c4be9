import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import { isS3 } from '@hemline/stores';

/** Data for a job: a dataset's folder, and a descriptor apart where the folder is not ours to write to. */
export interface JobData {
  readonly directory: string;
  readonly descriptor?: string;
}

/**
 * Lays out the root that SageMaker gives a training container, with the dataset linked in, not copied.
 * @param root an empty or new folder
 * @param data the dataset
 * @param hyperparameters as strings
 */
export function fabricateTrainingRoot(
  root: string,
  data: JobData,
  hyperparameters: Readonly<Record<string, string>>,
): void {
  const config = join(root, 'input', 'config');
  for (const folder of [
    config,
    join(root, 'input', 'data'),
    join(root, 'model'),
    join(root, 'output', 'data'),
    join(root, 'checkpoints'),
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  linkDataset(join(root, 'input', 'data'), data);
  const channel = {
    TrainingInputMode: 'File',
    S3DistributionType: 'FullyReplicated',
    RecordWrapperType: 'None',
  };
  const channels = ['dataset', ...(data.descriptor === undefined ? [] : ['descriptor'])];
  writeJson(join(config, 'hyperparameters.json'), hyperparameters);
  writeJson(
    join(config, 'inputdataconfig.json'),
    Object.fromEntries(channels.map((name) => [name, channel])),
  );
  writeJson(join(config, 'resourceconfig.json'), {
    current_host: 'algo-1',
    hosts: ['algo-1'],
    network_interface_name: 'eth0',
  });
}

/** A processing job: which folders go in, which come out. */
export interface ProcessingRoot {
  readonly data: JobData;
  /** Folder of the trained model, where the job needs one. */
  readonly model?: string;
  /** Output names; each is the folder `processing/output/<name>` of the root. */
  readonly outputs: readonly string[];
  /** Host of several, `algo-1` by default. */
  readonly host?: string;
  readonly hosts?: readonly string[];
}

/**
 * Lays out the root that SageMaker gives a processing container, inputs linked in.
 * @param root an empty or new folder
 * @param job what the job needs
 * @returns folder of each output
 */
export function fabricateProcessingRoot(root: string, job: ProcessingRoot): Record<string, string> {
  const config = join(root, 'config');
  const inputs = join(root, 'processing', 'input');
  for (const folder of [config, inputs, join(root, 'output')]) mkdirSync(folder, { recursive: true });
  linkDataset(inputs, job.data);
  if (job.model !== undefined) symlinkSync(resolve(job.model), join(inputs, 'model'));
  const names = [
    'dataset',
    ...(job.model === undefined ? [] : ['model']),
    ...(job.data.descriptor === undefined ? [] : ['descriptor']),
  ];
  const outputs = Object.fromEntries(
    job.outputs.map((name) => [name, join(root, 'processing', 'output', name)]),
  );
  for (const folder of Object.values(outputs)) mkdirSync(folder, { recursive: true });
  const hosts = job.hosts ?? ['algo-1'];
  writeJson(join(config, 'resourceconfig.json'), { current_host: job.host ?? hosts[0], hosts });
  writeJson(join(config, 'processingjobconfig.json'), {
    ProcessingJobName: basename(root),
    ProcessingInputs: names.map((name) => ({
      InputName: name,
      AppManaged: false,
      S3Input: {
        S3Uri: `s3://local/${name}`,
        LocalPath: `/opt/ml/processing/input/${name}`,
        S3DataType: 'S3Prefix',
        S3InputMode: 'File',
        S3DataDistributionType: 'FullyReplicated',
        S3CompressionType: 'None',
      },
    })),
    ProcessingOutputConfig: {
      Outputs: job.outputs.map((name) => ({
        OutputName: name,
        AppManaged: false,
        S3Output: {
          S3Uri: `s3://local/${name}`,
          LocalPath: `/opt/ml/processing/output/${name}`,
          S3UploadMode: 'EndOfJob',
        },
      })),
    },
    ProcessingResources: {
      ClusterConfig: { InstanceCount: hosts.length, InstanceType: 'local', VolumeSizeInGB: 1 },
    },
    StoppingCondition: null,
  });
  return outputs;
}

function linkDataset(folder: string, data: JobData): void {
  if (isS3(data.directory))
    throw new ConfigurationError('a job on this machine needs its data here', {
      expected: 'a folder',
      found: data.directory,
      remedy: `Copy it first (aws s3 sync ${data.directory} FOLDER); inspect and backtest read S3 as it is.`,
    });
  symlinkSync(resolve(data.directory), join(folder, 'dataset'));
  if (data.descriptor === undefined) return;
  mkdirSync(join(folder, 'descriptor'));
  symlinkSync(resolve(data.descriptor), join(folder, 'descriptor', 'dataset.json'));
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
