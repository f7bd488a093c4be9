import { ProcessingInstanceType, TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { ConfigurationError } from '@hemline/core';
import { JOB_NAME } from './job-name.ts';
import type { JobRequest } from './job-request.ts';
import type { ProcessingRequest } from './processing-request.ts';
import { RequestProblems } from './request-problems.ts';
import type { TrainingRequest } from './training-request.ts';

const DAY = 86_400;

/** For whom a request is checked. */
export interface CheckOptions {
  /** Whether a text is put in only when the job starts, as state machines do: what it will be is not known. */
  readonly isLater?: (text: string) => boolean;
  /** What the job is called in the error; by default its own name. */
  readonly job?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/**
 * Checks a job against the platform's limits before it is asked: it would refuse most of it one at a time, minutes later, and
 * take some of it to fail in the container.
 * @param job kind and request
 * @throws ConfigurationError that names every problem
 */
export function checkRequest(job: JobRequest): void {
  if (job.kind === 'train') checkTrainingRequest(job.request);
  else checkProcessingRequest(job.request);
}

/**
 * Checks a training job, see {@link checkRequest}.
 * @param request for `CreateTrainingJob`
 * @param options for whom
 * @throws ConfigurationError that names every problem
 */
export function checkTrainingRequest(request: TrainingRequest, options: CheckOptions = {}): void {
  const problems = new RequestProblems(options.isLater);
  const { AlgorithmSpecification: algorithm, ResourceConfig: resources, StoppingCondition: stop } = request;
  problems.jobName(request.TrainingJobName);
  problems.role(request.RoleArn);
  problems.image(algorithm.TrainingImage);
  problems.instanceType(resources.InstanceType, Object.values(TrainingInstanceType));
  // The runtime trains on one host, and refuses more only once they have been started.
  problems.expect(
    resources.InstanceCount === 1,
    'instances',
    '1: a training runs on one',
    resources.InstanceCount,
  );
  problems.whole('volume in GiB', resources.VolumeSizeInGB, 1, 16_384);
  problems.whole('seconds at most', stop.MaxRuntimeInSeconds, 1, 28 * DAY);
  checkHyperparameters(request.HyperParameters ?? {}, problems);
  checkMetrics(algorithm.MetricDefinitions ?? [], problems);
  const channels = request.InputDataConfig;
  problems.expect(channels.length >= 1 && channels.length <= 20, 'channels', '1 to 20', channels.length);
  problems.unique(
    'channels',
    channels.map(({ ChannelName: name }) => name),
  );
  for (const { ChannelName: name, DataSource: source } of channels) {
    problems.matches('channel', name, /^[A-Za-z0-9._-]{1,64}$/, 'at most 64 letters, digits and ._-');
    problems.s3(`channel ${name}`, source.S3DataSource.S3Uri);
  }
  problems.s3('output', request.OutputDataConfig.S3OutputPath);
  if (request.EnableManagedSpotTraining === true) {
    const { MaxRuntimeInSeconds: run, MaxWaitTimeInSeconds: wait } = stop;
    problems.whole('seconds of waiting for spare capacity and running', wait, run, 28 * DAY);
    problems.s3('checkpoints', request.CheckpointConfig?.S3Uri);
  }
  problems.environment(request.Environment ?? {}, 512);
  problems.tags(request.Tags ?? []);
  problems.vpc(request);
  throwIfAny(problems, request.TrainingJobName, options);
}

/**
 * Checks a processing job, see {@link checkRequest}.
 * @param request for `CreateProcessingJob`
 * @param options for whom
 * @throws ConfigurationError that names every problem
 */
export function checkProcessingRequest(request: ProcessingRequest, options: CheckOptions = {}): void {
  const problems = new RequestProblems(options.isLater);
  const { AppSpecification: app } = request;
  const { ClusterConfig: cluster } = request.ProcessingResources;
  problems.jobName(request.ProcessingJobName);
  problems.role(request.RoleArn);
  problems.image(app.ImageUri);
  problems.instanceType(cluster.InstanceType, Object.values(ProcessingInstanceType));
  problems.whole('instances', cluster.InstanceCount, 1, 100);
  problems.whole('volume in GiB', cluster.VolumeSizeInGB, 1, 16_384);
  problems.whole('seconds at most', request.StoppingCondition.MaxRuntimeInSeconds, 1, 9 * DAY);
  const texts = [...(app.ContainerEntrypoint ?? []), ...(app.ContainerArguments ?? [])];
  problems.expect(texts.length <= 100, 'arguments', 'at most 100', texts.length);
  for (const text of texts)
    problems.expect(
      problems.isLater(text) || (text.length >= 1 && text.length <= 256),
      'argument',
      '1 to 256 characters',
      text.slice(0, 80),
    );
  const places = [
    ...(request.ProcessingInputs ?? []).map(({ InputName: name, S3Input: s3 }) => ({
      ...{ kind: 'input', name, s3 },
    })),
    ...(request.ProcessingOutputConfig?.Outputs ?? []).map(({ OutputName: name, S3Output: s3 }) => ({
      ...{ kind: 'output', name, s3 },
    })),
  ];
  for (const each of ['input', 'output']) {
    const names = places.filter(({ kind }) => kind === each).map(({ name }) => name);
    problems.expect(names.length <= 10, `${each}s`, 'at most 10', names.length);
    problems.unique(`${each}s`, names);
  }
  problems.unique(
    'local paths',
    places.map(({ s3 }) => s3.LocalPath),
  );
  for (const { kind, name, s3 } of places) {
    const what = `${kind} ${name}`;
    problems.matches(kind, name, JOB_NAME, 'a name of at most 63 letters, digits and hyphens');
    problems.s3(what, s3.S3Uri);
    problems.matches(
      what,
      s3.LocalPath,
      /^\/opt\/ml\/processing\/.{1,237}$/,
      'a local path below /opt/ml/processing/',
    );
  }
  problems.environment(request.Environment ?? {}, 256);
  problems.tags(request.Tags ?? []);
  problems.vpc(request.NetworkConfig ?? {});
  throwIfAny(problems, request.ProcessingJobName, options);
}

function checkHyperparameters(values: Readonly<Record<string, string>>, problems: RequestProblems): void {
  const entries = Object.entries(values);
  problems.expect(entries.length <= 100, 'hyperparameters', 'at most 100', entries.length);
  for (const [name, value] of entries) {
    const known = problems.isLater(value) ? '' : value;
    problems.expect(
      name.length <= 256 && known.length <= 256 && !/[\r\n]/.test(name + known),
      `hyperparameter ${name.slice(0, 80)}`,
      'at most 256 characters, without line breaks',
      `${value.length} characters`,
    );
  }
}

function checkMetrics(
  definitions: readonly { readonly Name: string; readonly Regex: string }[],
  problems: RequestProblems,
): void {
  problems.expect(definitions.length <= 40, 'metric definitions', 'at most 40', definitions.length);
  for (const { Name: name, Regex: regex } of definitions) {
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

function throwIfAny({ found }: RequestProblems, name: string, { job, remedy }: CheckOptions): void {
  if (found.length === 0) return;
  throw new ConfigurationError(`SageMaker would not take the job ${job ?? name}`, {
    found: found.join('; '),
    remedy: remedy ?? 'Nothing has been started. Correct these.',
  });
}
