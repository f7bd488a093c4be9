import {
  ProcessingInstanceType,
  TrainingInstanceType,
  type CreateProcessingJobRequest,
  type CreateTrainingJobRequest,
} from '@aws-sdk/client-sagemaker';
import { ConfigurationError } from '@hemline/core';
import { RequestProblems } from './request-problems.ts';

const DAY = 86_400;

/**
 * Checks a training job against the platform's limits before it is asked: it would refuse most of it one at a time, minutes
 * later, and take some of it to fail in the container.
 * @param request for `CreateTrainingJob`
 * @throws ConfigurationError that names every problem
 */
export function checkTrainingRequest(request: CreateTrainingJobRequest): void {
  const problems = new RequestProblems();
  const { AlgorithmSpecification: algorithm, ResourceConfig: resources, StoppingCondition: stop } = request;
  problems.jobName(request.TrainingJobName);
  problems.role(request.RoleArn);
  problems.image(algorithm?.TrainingImage);
  problems.instanceType(resources?.InstanceType, Object.values(TrainingInstanceType));
  // The runtime trains on one host, and refuses more only once they have been started.
  problems.expect(
    resources?.InstanceCount === 1,
    'instances',
    '1: a training runs on one',
    resources?.InstanceCount,
  );
  problems.whole('volume in GiB', resources?.VolumeSizeInGB, 1, 16_384);
  problems.whole('seconds at most', stop?.MaxRuntimeInSeconds, 1, 28 * DAY);
  checkHyperparameters(request.HyperParameters ?? {}, problems);
  checkMetrics(algorithm?.MetricDefinitions ?? [], problems);
  const channels = request.InputDataConfig ?? [];
  problems.expect(channels.length >= 1 && channels.length <= 20, 'channels', '1 to 20', channels.length);
  problems.unique(
    'channels',
    channels.map(({ ChannelName: name }) => name ?? ''),
  );
  for (const { ChannelName: name, DataSource: source } of channels) {
    problems.matches('channel', name, /^[A-Za-z0-9._-]{1,64}$/, 'at most 64 letters, digits and ._-');
    problems.s3(`channel ${name}`, source?.S3DataSource?.S3Uri);
  }
  problems.s3('output', request.OutputDataConfig?.S3OutputPath);
  if (request.EnableManagedSpotTraining === true) {
    const { MaxRuntimeInSeconds: run = 0, MaxWaitTimeInSeconds: wait } = stop ?? {};
    problems.whole('seconds of waiting for spare capacity and running', wait, run, 28 * DAY);
    problems.s3('checkpoints', request.CheckpointConfig?.S3Uri);
  }
  problems.environment(request.Environment ?? {}, 512);
  problems.tags(request.Tags ?? []);
  throwIfAny(problems, request.TrainingJobName);
}

/**
 * Checks a processing job against the platform's limits before it is asked.
 * @param request for `CreateProcessingJob`
 * @throws ConfigurationError that names every problem
 */
export function checkProcessingRequest(request: CreateProcessingJobRequest): void {
  const problems = new RequestProblems();
  const { AppSpecification: app, ProcessingResources: resources } = request;
  const cluster = resources?.ClusterConfig;
  problems.jobName(request.ProcessingJobName);
  problems.role(request.RoleArn);
  problems.image(app?.ImageUri);
  problems.instanceType(cluster?.InstanceType, Object.values(ProcessingInstanceType));
  problems.whole('instances', cluster?.InstanceCount, 1, 100);
  problems.whole('volume in GiB', cluster?.VolumeSizeInGB, 1, 16_384);
  problems.whole('seconds at most', request.StoppingCondition?.MaxRuntimeInSeconds, 1, 9 * DAY);
  const texts = [...(app?.ContainerEntrypoint ?? []), ...(app?.ContainerArguments ?? [])];
  problems.expect(texts.length <= 100, 'arguments', 'at most 100', texts.length);
  for (const text of texts)
    problems.expect(
      text.length >= 1 && text.length <= 256,
      'argument',
      '1 to 256 characters',
      text.slice(0, 80),
    );
  const inputs = request.ProcessingInputs ?? [];
  const outputs = request.ProcessingOutputConfig?.Outputs ?? [];
  const places = [
    ...inputs.map(({ InputName: name, S3Input: s3 }) => ({ what: `input ${name}`, s3 })),
    ...outputs.map(({ OutputName: name, S3Output: s3 }) => ({ what: `output ${name}`, s3 })),
  ];
  problems.expect(inputs.length <= 10, 'inputs', 'at most 10', inputs.length);
  problems.expect(outputs.length <= 10, 'outputs', 'at most 10', outputs.length);
  problems.unique(
    'inputs',
    inputs.map(({ InputName: name }) => name ?? ''),
  );
  problems.unique(
    'outputs',
    outputs.map(({ OutputName: name }) => name ?? ''),
  );
  problems.unique(
    'local paths',
    places.map(({ s3 }) => s3?.LocalPath ?? ''),
  );
  for (const { what, s3 } of places) {
    problems.s3(what, s3?.S3Uri);
    problems.matches(
      what,
      s3?.LocalPath,
      /^\/opt\/ml\/processing\/.{1,237}$/,
      'a local path below /opt/ml/processing/',
    );
  }
  problems.environment(request.Environment ?? {}, 256);
  problems.tags(request.Tags ?? []);
  throwIfAny(problems, request.ProcessingJobName);
}

function checkHyperparameters(values: Readonly<Record<string, string>>, problems: RequestProblems): void {
  const entries = Object.entries(values);
  problems.expect(entries.length <= 100, 'hyperparameters', 'at most 100', entries.length);
  for (const [name, value] of entries) {
    const isShort = name.length <= 256 && value.length <= 256;
    problems.expect(
      isShort && !/[\r\n]/.test(name + value),
      `hyperparameter ${name.slice(0, 80)}`,
      'at most 256 characters, without line breaks',
      `${value.length} characters`,
    );
  }
}

function checkMetrics(
  definitions: readonly { Name?: string; Regex?: string }[],
  problems: RequestProblems,
): void {
  problems.expect(definitions.length <= 40, 'metric definitions', 'at most 40', definitions.length);
  for (const { Name: name = '', Regex: regex = '' } of definitions) {
    problems.expect(name.length >= 1 && name.length <= 255, 'metric', 'a name of 1 to 255 characters', name);
    problems.expect(
      regex.length >= 1 && regex.length <= 500,
      `metric ${name}`,
      'a regex of at most 500 characters',
      regex.length,
    );
    // The platform takes the number from the first group.
    problems.expect(
      /\((?!\?)/.test(regex.replaceAll('\\(', '')),
      `metric ${name}`,
      'a regex with a group',
      regex,
    );
  }
}

function throwIfAny({ found }: RequestProblems, job: string | undefined): void {
  if (found.length === 0) return;
  throw new ConfigurationError(`SageMaker would not take the job ${job}`, {
    found: found.join('; '),
    remedy: 'Nothing has been started. --dry-run prints the request.',
  });
}
