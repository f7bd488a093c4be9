import { aws_stepfunctions as sfn, type Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '@hemline/core';
import { jobName } from './job-name.ts';
import { JOB_APIS } from './job-policies.ts';
import {
  nonEmpty,
  renderMachines,
  renderTags,
  runtimeOf,
  SageMakerJobTask,
  type SageMakerJobProps,
} from './sagemaker-job-task.ts';

/** One channel of a training job. */
export interface TrainingChannel {
  /** The container finds it in `/opt/ml/input/data/<name>`. */
  readonly name: string;
  /** Key prefix, or a path of the state's input. */
  readonly s3Uri: string;
  /**
   * Copied before the container starts, or read from S3 while it runs.
   * @default File
   */
  readonly inputMode?: 'File' | 'FastFile';
}

/** Spare capacity, which may be taken away while the job runs; it then goes on from its checkpoints. */
export interface SpotOptions {
  /** Where checkpoints are kept: key prefix, or a path of the state's input. */
  readonly checkpoints: string;
  /** Longest time from the request to the end, waiting for capacity included; at least the longest run. */
  readonly maxWait: Duration;
}

/** Properties of {@link SageMakerTrainingJob}. */
export interface SageMakerTrainingJobProps extends SageMakerJobProps {
  /** Channels, 1 to 20. */
  readonly channels: readonly TrainingChannel[];
  /** Key prefix below which `<job>/output/model.tar.gz` appears. */
  readonly outputUri: string;
  /**
   * Texts or paths of the state's input: at most 100, keys and values of at most 256 characters.
   * @default - none
   */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /**
   * What SageMaker reads out of the log, at most 40.
   * @default - none
   */
  readonly metricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  /**
   * Variables of the container; values of at most 512 characters.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Whether spare capacity is taken.
   * @default - no
   */
  readonly spot?: SpotOptions;
}

/**
 * A Step Functions task that runs a SageMaker training job to its end. The CDK's own knows neither spare capacity nor
 * checkpoints, and its policy is for every training job of the account. The result is that of DescribeTrainingJob.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export class SageMakerTrainingJob extends SageMakerJobTask {
  readonly #props: SageMakerTrainingJobProps;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @throws ConfigurationError for a request that SageMaker would refuse
   */
  constructor(scope: Construct, id: string, props: SageMakerTrainingJobProps) {
    super(scope, id, props, JOB_APIS.training);
    check(id, props);
    this.#props = props;
  }

  protected override request(): Readonly<Record<string, unknown>> {
    return request(this.#props);
  }
}

function request(props: SageMakerTrainingJobProps): Readonly<Record<string, unknown>> {
  const { hyperparameters = {}, environment = {}, metricDefinitions = [], spot } = props;
  return {
    TrainingJobName: jobName(props.jobNamePrefix),
    RoleArn: props.role.roleArn,
    AlgorithmSpecification: {
      TrainingImage: props.imageUri,
      TrainingInputMode: 'File',
      MetricDefinitions: nonEmpty(metricDefinitions),
    },
    HyperParameters: nonEmpty(hyperparameters),
    Environment: nonEmpty(environment),
    InputDataConfig: props.channels.map(({ name, s3Uri, inputMode = 'File' }) => ({
      ChannelName: name,
      InputMode: inputMode,
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri: s3Uri },
      },
    })),
    OutputDataConfig: { S3OutputPath: props.outputUri, KmsKeyId: props.outputEncryptionKey?.keyArn },
    ResourceConfig: renderMachines(props, 1),
    StoppingCondition: {
      MaxRuntimeInSeconds: runtimeOf(props).toSeconds(),
      MaxWaitTimeInSeconds: spot?.maxWait.toSeconds(),
    },
    EnableManagedSpotTraining: spot === undefined ? undefined : true,
    CheckpointConfig: spot === undefined ? undefined : { S3Uri: spot.checkpoints },
    EnableNetworkIsolation: props.enableNetworkIsolation ?? false,
    Tags: renderTags(props),
  };
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html */
function check(id: string, props: SageMakerTrainingJobProps): void {
  const { channels, hyperparameters = {}, environment = {}, metricDefinitions = [] } = props;
  const problems: string[] = [];
  if (channels.length < 1 || channels.length > 20) problems.push(`${channels.length} channels, 1 to 20`);
  for (const { name } of channels)
    if (!/^[A-Za-z0-9.\-_]{1,64}$/.test(name)) problems.push(`the channel ${name}`);
  const pairs = Object.entries(hyperparameters);
  if (pairs.length > 100) problems.push(`${pairs.length} hyperparameters, at most 100`);
  for (const [name, value] of pairs) {
    if (name.length > 256) problems.push(`the hyperparameter ${name.slice(0, 20)}… has a name too long`);
    if (sfn.JsonPath.isEncodedJsonPath(value)) continue;
    if (value.length > 256)
      problems.push(`the hyperparameter ${name}: ${value.length} characters, at most 256`);
    if (/[\r\n]/.test(value)) problems.push(`the hyperparameter ${name}: a line break`);
  }
  if (metricDefinitions.length > 40)
    problems.push(`${metricDefinitions.length} metric definitions, at most 40`);
  for (const { Name, Regex } of metricDefinitions)
    if (Regex.length > 500) problems.push(`the metric ${Name}: an expression of ${Regex.length} characters`);
  for (const [name, value] of Object.entries(environment))
    if (!sfn.JsonPath.isEncodedJsonPath(value) && value.length > 512)
      problems.push(`${name}: a value of ${value.length} characters, at most 512`);
  const seconds = runtimeOf(props).toSeconds();
  if (seconds < 1 || seconds > 2_419_200) problems.push(`${seconds} s at most, 1 to 2,419,200 (28 days)`);
  if (props.spot !== undefined && props.spot.maxWait.toSeconds() < seconds)
    problems.push(
      `a longest wait of ${props.spot.maxWait.toSeconds()} s, shorter than the run of ${seconds} s`,
    );
  if (problems.length > 0)
    throw new ConfigurationError(`SageMaker would refuse the training job of ${id}`, {
      found: problems.join('; '),
      remedy: 'Correct these properties.',
    });
}
