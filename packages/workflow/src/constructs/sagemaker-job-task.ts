import {
  Aws,
  Duration,
  Size,
  Token,
  aws_ec2 as ec2,
  aws_stepfunctions as sfn,
  type aws_iam as iam,
  type aws_kms as kms,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '@hemline/core';
import type { CheckOptions } from '@hemline/sagemaker/check';
import type { JobSettings } from '@hemline/sagemaker/requests';
import { jobName } from './job-name.ts';
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
   * Subnets and security groups that the job runs in; its role then needs the actions of EC2 on network interfaces.
   * @default - SageMaker's own network
   */
  readonly network?: JobSettings['network'];
  /**
   * Variables of the container.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
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

  /** To SageMaker. */
  protected abstract readonly request: object;

  /** @internal */
  protected override _renderTask(language?: sfn.QueryLanguage): object {
    return {
      Resource: `arn:${Aws.PARTITION}:states:::sagemaker:create${this.#api.name}.sync`,
      ...(this._renderParametersOrArguments(
        this.request as Record<string, unknown>,
        this.#queryLanguage ?? language ?? sfn.QueryLanguage.JSON_PATH,
      ) as object),
    };
  }
}

/**
 * @param props of a job
 * @param instances machines at once
 * @returns what its request says besides what it works on
 */
export function jobSettings(props: SageMakerJobProps, instances: number): JobSettings {
  const {
    instanceType = new ec2.InstanceType('m5.xlarge'),
    volumeEncryptionKey,
    outputEncryptionKey,
  } = props;
  return {
    name: jobName(props.jobNamePrefix),
    image: props.imageUri,
    role: props.role.roleArn,
    machines: {
      instanceType: `ml.${instanceType.toString()}`,
      instances,
      volumeGiB: (props.volumeSize ?? Size.gibibytes(30)).toGibibytes(),
      maximumSeconds: (props.maxRuntime ?? Duration.hours(1)).toSeconds(),
    },
    environment: props.environment ?? {},
    tags: props.tags ?? {},
    keys: {
      ...(volumeEncryptionKey === undefined ? {} : { disks: volumeEncryptionKey.keyArn }),
      ...(outputEncryptionKey === undefined ? {} : { outputs: outputEncryptionKey.keyArn }),
    },
    ...(props.network === undefined ? {} : { network: props.network }),
    isIsolated: props.enableNetworkIsolation ?? false,
  };
}

/**
 * A definition holds texts that the state machine or the deployment puts in.
 * @param id name of the state
 * @returns how a request is checked
 */
export function checkOptions(id: string): CheckOptions {
  return {
    isLater: (text) => Token.isUnresolved(text),
    job: `of ${id}`,
    remedy: 'Correct the properties of its task.',
  };
}
