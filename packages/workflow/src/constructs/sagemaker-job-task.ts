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
import { jobPolicies, type JobApi } from './job-policies.ts';

/** Properties that training and processing jobs share. */
export interface SageMakerJobProps extends sfn.TaskStateBaseProps {
  /** The job is called `<prefix>-<uuid>`; the state machine's policy is for jobs of this prefix. At most 26 characters. */
  readonly jobNamePrefix: string;
  /** URI of the image, tag or digest included. */
  readonly imageUri: string;
  /** Role that the job runs as. */
  readonly role: iam.IRole;
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
   * Disk of each machine.
   * @default 30 GiB
   */
  readonly volumeSize?: Size;
  /**
   * Encrypts the disks.
   * @default - a key of SageMaker's own
   */
  readonly volumeEncryptionKey?: kms.IKey;
  /**
   * The job is stopped after this time.
   * @default 1 hour
   */
  readonly maxRuntime?: Duration;
  /**
   * No network from within the container; it then reads and writes nothing but its inputs and outputs.
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
  /**
   * Tags of the job.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A Step Functions task that runs a job of SageMaker to its end, with a policy for exactly such jobs. */
export abstract class SageMakerJobTask extends sfn.TaskStateBase {
  protected readonly taskMetrics = undefined;
  protected readonly taskPolicies: iam.PolicyStatement[];
  readonly #api: JobApi;
  readonly #queryLanguage: sfn.QueryLanguage | undefined;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @param api which kind of job
   * @throws ConfigurationError for a task that would not wait for its job
   */
  protected constructor(scope: Construct, id: string, props: SageMakerJobProps, api: JobApi) {
    super(scope, id, props);
    const { integrationPattern = sfn.IntegrationPattern.RUN_JOB } = props;
    if (integrationPattern !== sfn.IntegrationPattern.RUN_JOB)
      throw new ConfigurationError(`${id} does not wait for its job`, {
        expected: 'the integration pattern RUN_JOB, which is the default here',
        found: integrationPattern,
        remedy: 'Leave integrationPattern out.',
      });
    this.#api = api;
    this.#queryLanguage = props.queryLanguage;
    this.taskPolicies = jobPolicies(this, api, props.jobNamePrefix, props.role);
  }

  /** @returns the request to SageMaker */
  protected abstract request(): Readonly<Record<string, unknown>>;

  /** @internal */
  protected override _renderTask(language?: sfn.QueryLanguage): object {
    return {
      Resource: `arn:${Aws.PARTITION}:states:::sagemaker:create${this.#api.name}.sync`,
      ...(this._renderParametersOrArguments(
        this.request(),
        this.#queryLanguage ?? language ?? sfn.QueryLanguage.JSON_PATH,
      ) as object),
    };
  }
}

/**
 * @param props of a job
 * @returns how long it may take
 */
export function runtimeOf({ maxRuntime = Duration.hours(1) }: SageMakerJobProps): Duration {
  return maxRuntime;
}

/**
 * @param props of a job
 * @returns the disk of each machine
 */
export function volumeOf({ volumeSize = Size.gibibytes(30) }: SageMakerJobProps): Size {
  return volumeSize;
}

/**
 * @param props of a job
 * @param count machines at once
 * @returns the machines as SageMaker is asked for them
 */
export function renderMachines(props: SageMakerJobProps, count: number): object {
  return {
    InstanceCount: count,
    InstanceType: `ml.${(props.instanceType ?? new ec2.InstanceType('m5.xlarge')).toString()}`,
    VolumeSizeInGB: volumeOf(props).toGibibytes(),
    VolumeKmsKeyId: props.volumeEncryptionKey?.keyArn,
  };
}

/**
 * @param props of a job
 * @returns its tags as SageMaker takes them; undefined without any
 */
export function renderTags({ tags = {} }: SageMakerJobProps): object | undefined {
  return nonEmpty(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
}

/**
 * SageMaker refuses lists and maps without anything in them.
 * @param value list or map
 * @returns it; undefined when it is empty
 */
export function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
