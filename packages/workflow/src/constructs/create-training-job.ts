import {
  Aws,
  Duration,
  Size,
  aws_ec2 as ec2,
  aws_stepfunctions as sfn,
  type aws_iam as iam,
  type aws_kms as kms,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '@hemline/core';
import { jobName } from './job-name.ts';
import { JOB_APIS, jobPolicies } from './job-policies.ts';

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
export interface SageMakerTrainingJobProps extends sfn.TaskStateBaseProps {
  /** The job is called `<prefix>-<uuid>`; the state machine's policy is for jobs of this prefix. At most 26 characters. */
  readonly jobNamePrefix: string;
  /** URI of the image, tag or digest included. */
  readonly imageUri: string;
  /** Role that the job runs as. */
  readonly role: iam.IRole;
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
   * Encrypts what the job leaves.
   * @default - the bucket's own encryption
   */
  readonly outputEncryptionKey?: kms.IKey;
  /**
   * Kind of machine, without the `ml.` that SageMaker puts before it.
   * @default m5.xlarge
   */
  readonly instanceType?: ec2.InstanceType;
  /**
   * Its disk.
   * @default 30 GiB
   */
  readonly volumeSize?: Size;
  /**
   * Encrypts the disk.
   * @default - a key of SageMaker's own
   */
  readonly volumeEncryptionKey?: kms.IKey;
  /**
   * The job is stopped after this time.
   * @default 1 hour
   */
  readonly maxRuntime?: Duration;
  /**
   * Whether spare capacity is taken.
   * @default - no
   */
  readonly spot?: SpotOptions;
  /**
   * No network from within the container.
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
  /**
   * Tags of the job.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A Step Functions task that runs a SageMaker training job to its end. The CDK's own knows neither spare capacity nor
 * checkpoints, and its policy is for every training job of the account. The result is that of DescribeTrainingJob.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export class SageMakerTrainingJob extends sfn.TaskStateBase {
  protected readonly taskMetrics = undefined;
  protected readonly taskPolicies: iam.PolicyStatement[];
  readonly #props: SageMakerTrainingJobProps;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @throws ConfigurationError for a request that SageMaker would refuse
   */
  constructor(scope: Construct, id: string, props: SageMakerTrainingJobProps) {
    super(scope, id, props);
    check(id, props);
    this.#props = props;
    this.taskPolicies = jobPolicies(this, JOB_APIS.training, props.jobNamePrefix, props.role);
  }

  /** @internal */
  protected override _renderTask(language?: sfn.QueryLanguage): object {
    return {
      Resource: `arn:${Aws.PARTITION}:states:::sagemaker:createTrainingJob.sync`,
      ...(this._renderParametersOrArguments(
        request(this.#props),
        this.#props.queryLanguage ?? language ?? sfn.QueryLanguage.JSON_PATH,
      ) as object),
    };
  }
}

function request(props: SageMakerTrainingJobProps): object {
  const { hyperparameters = {}, environment = {}, tags = {}, metricDefinitions = [], spot } = props;
  const { maxRuntime = Duration.hours(1) } = props;
  return {
    TrainingJobName: jobName(props.jobNamePrefix),
    RoleArn: props.role.roleArn,
    AlgorithmSpecification: {
      TrainingImage: props.imageUri,
      TrainingInputMode: 'File',
      MetricDefinitions: metricDefinitions.length === 0 ? undefined : metricDefinitions,
    },
    HyperParameters: Object.keys(hyperparameters).length === 0 ? undefined : hyperparameters,
    Environment: Object.keys(environment).length === 0 ? undefined : environment,
    InputDataConfig: props.channels.map(({ name, s3Uri, inputMode = 'File' }) => ({
      ChannelName: name,
      InputMode: inputMode,
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri: s3Uri },
      },
    })),
    OutputDataConfig: { S3OutputPath: props.outputUri, KmsKeyId: props.outputEncryptionKey?.keyArn },
    ResourceConfig: {
      InstanceCount: 1,
      InstanceType: `ml.${(props.instanceType ?? new ec2.InstanceType('m5.xlarge')).toString()}`,
      VolumeSizeInGB: (props.volumeSize ?? Size.gibibytes(30)).toGibibytes(),
      VolumeKmsKeyId: props.volumeEncryptionKey?.keyArn,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: maxRuntime.toSeconds(),
      MaxWaitTimeInSeconds: spot?.maxWait.toSeconds(),
    },
    EnableManagedSpotTraining: spot === undefined ? undefined : true,
    CheckpointConfig: spot === undefined ? undefined : { S3Uri: spot.checkpoints },
    EnableNetworkIsolation: props.enableNetworkIsolation ?? false,
    Tags:
      Object.keys(tags).length === 0
        ? undefined
        : Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html */
function check(id: string, props: SageMakerTrainingJobProps): void {
  const { channels, hyperparameters = {}, environment = {}, metricDefinitions = [], maxRuntime } = props;
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
  const seconds = maxRuntime?.toSeconds() ?? 3600;
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
