import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
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
  volumeOf,
  type SageMakerJobProps,
} from './sagemaker-job-task.ts';

/** How the objects of an input reach the hosts of a job. */
export type InputDistribution = 'FullyReplicated' | 'ShardedByS3Key';

/** When the files of an output are uploaded. */
export type UploadMode = 'EndOfJob' | 'Continuous';

/** Objects in S3 that a processing job reads. */
export interface ProcessingInput {
  /** Name of the input: a letter or digit, then up to 62 letters, digits and hyphens. */
  readonly name: string;
  /** Key prefix, `s3://bucket/prefix`, or a path of the state's input. A prefix `features` also matches `features2/`. */
  readonly s3Uri: string;
  /**
   * Where it lies in the container; below `/opt/ml/processing/`.
   * @default `/opt/ml/processing/input/<name>`
   */
  readonly localPath?: string;
  /**
   * All objects for every host, or disjoint shares of them.
   * @default FullyReplicated
   */
  readonly distribution?: InputDistribution;
  /**
   * Whether the URI names a prefix or a manifest of objects.
   * @default S3Prefix
   */
  readonly dataType?: 'S3Prefix' | 'ManifestFile';
  /**
   * Copied before the container starts, or streamed.
   * @default File
   */
  readonly inputMode?: 'File' | 'Pipe';
}

/** Files that a processing job leaves. */
export interface ProcessingOutput {
  /** Name of the output, as of an input. */
  readonly name: string;
  /** Key prefix, or a path of the state's input. */
  readonly s3Uri: string;
  /**
   * Where the container leaves it; below `/opt/ml/processing/`.
   * @default `/opt/ml/processing/output/<name>`
   */
  readonly localPath?: string;
  /**
   * At the end, or as files appear.
   * @default EndOfJob
   */
  readonly uploadMode?: UploadMode;
}

/** Properties of {@link SageMakerCreateProcessingJob}. */
export interface SageMakerCreateProcessingJobProps extends SageMakerJobProps {
  /**
   * Program to start.
   * @default - the image's own
   */
  readonly containerEntrypoint?: readonly string[];
  /**
   * Its arguments: texts or paths of the state's input.
   * @default - none
   */
  readonly containerArguments?: readonly string[];
  /**
   * Variables of the container: at most 100, values of at most 256 characters.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * At most 10.
   * @default - none
   */
  readonly processingInputs?: readonly ProcessingInput[];
  /**
   * At most 10.
   * @default - none
   */
  readonly processingOutputs?: readonly ProcessingOutput[];
  /**
   * Machines at once, 1 to 100.
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * Encrypts what the hosts of the job send each other; hemline's send nothing.
   * @default false
   */
  readonly enableInterContainerTrafficEncryption?: boolean;
}

/**
 * A Step Functions task that runs a SageMaker processing job to its end, with a policy for exactly such jobs. The result is
 * that of DescribeProcessingJob.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
export class SageMakerCreateProcessingJob extends SageMakerJobTask {
  readonly #props: SageMakerCreateProcessingJobProps;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @throws ConfigurationError for a request that SageMaker would refuse
   */
  constructor(scope: Construct, id: string, props: SageMakerCreateProcessingJobProps) {
    super(scope, id, props, JOB_APIS.processing);
    check(id, props);
    this.#props = props;
  }

  protected override request(): Readonly<Record<string, unknown>> {
    return request(this.#props);
  }
}

function request(props: SageMakerCreateProcessingJobProps): Readonly<Record<string, unknown>> {
  const { processingInputs: inputs = [], processingOutputs: outputs = [], environment = {} } = props;
  const { containerEntrypoint, containerArguments: texts = [] } = props;
  return {
    ProcessingJobName: jobName(props.jobNamePrefix),
    RoleArn: props.role.roleArn,
    AppSpecification: {
      ImageUri: props.imageUri,
      ContainerEntrypoint: containerEntrypoint,
      ContainerArguments: texts.length === 0 ? undefined : textList(texts),
    },
    Environment: nonEmpty(environment),
    ProcessingInputs: nonEmpty(inputs.map(renderInput)),
    ProcessingOutputConfig:
      outputs.length === 0
        ? undefined
        : { Outputs: outputs.map(renderOutput), KmsKeyId: props.outputEncryptionKey?.keyArn },
    ProcessingResources: {
      ClusterConfig: renderMachines(props, props.instanceCount ?? 1),
    },
    NetworkConfig: {
      EnableNetworkIsolation: props.enableNetworkIsolation ?? false,
      EnableInterContainerTrafficEncryption: props.enableInterContainerTrafficEncryption,
    },
    StoppingCondition: { MaxRuntimeInSeconds: runtimeOf(props).toSeconds() },
    Tags: renderTags(props),
  };
}

/** A list may hold paths only inside of States.Array. */
function textList(texts: readonly string[]): readonly string[] | string {
  return texts.some((text) => sfn.JsonPath.isEncodedJsonPath(text)) ? sfn.JsonPath.array(...texts) : texts;
}

function renderInput(input: ProcessingInput): object {
  return {
    InputName: input.name,
    AppManaged: false,
    S3Input: {
      S3Uri: input.s3Uri,
      LocalPath: input.localPath ?? `/opt/ml/processing/input/${input.name}`,
      S3DataType: input.dataType ?? 'S3Prefix',
      S3InputMode: input.inputMode ?? 'File',
      S3DataDistributionType: input.distribution ?? 'FullyReplicated',
      S3CompressionType: 'None',
    },
  };
}

function renderOutput(output: ProcessingOutput): object {
  return {
    OutputName: output.name,
    AppManaged: false,
    S3Output: {
      S3Uri: output.s3Uri,
      LocalPath: output.localPath ?? `/opt/ml/processing/output/${output.name}`,
      S3UploadMode: output.uploadMode ?? 'EndOfJob',
    },
  };
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html */
function check(id: string, props: SageMakerCreateProcessingJobProps): void {
  const { processingInputs: inputs = [], processingOutputs: outputs = [], environment = {} } = props;
  const { instanceCount = 1 } = props;
  const problems: string[] = [];
  for (const [what, list] of [
    ['inputs', inputs],
    ['outputs', outputs],
  ] as const) {
    if (list.length > 10) problems.push(`${list.length} ${what}, at most 10`);
    const names = list.map(({ name }) => name);
    for (const name of names)
      if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) problems.push(`${what}: the name ${name}`);
    if (new Set(names).size < names.length) problems.push(`${what}: a name twice among ${names.join(', ')}`);
    for (const { name, localPath } of list)
      if (localPath !== undefined && !localPath.startsWith('/opt/ml/processing/'))
        problems.push(`${name}: the path ${localPath}, which is not below /opt/ml/processing/`);
  }
  const variables = Object.entries(environment);
  if (variables.length > 100) problems.push(`${variables.length} variables, at most 100`);
  for (const [name, value] of variables) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) problems.push(`the variable ${name}`);
    if (!sfn.JsonPath.isEncodedJsonPath(value) && value.length > 256)
      problems.push(`${name}: a value of ${value.length} characters, at most 256`);
  }
  if (!Number.isInteger(instanceCount) || instanceCount < 1 || instanceCount > 100)
    problems.push(`${instanceCount} instances, 1 to 100`);
  const seconds = runtimeOf(props).toSeconds();
  if (seconds < 1 || seconds > 777_600) problems.push(`${seconds} s at most, 1 to 777,600`);
  const gibibytes = volumeOf(props).toGibibytes();
  if (gibibytes < 1 || gibibytes > 16_384) problems.push(`a disk of ${gibibytes} GiB, 1 to 16,384`);
  if (problems.length > 0)
    throw new ConfigurationError(`SageMaker would refuse the processing job of ${id}`, {
      found: problems.join('; '),
      remedy: 'Correct these properties.',
    });
}
