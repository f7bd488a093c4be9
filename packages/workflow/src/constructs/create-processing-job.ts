import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkProcessingRequest } from '@hemline/sagemaker/check';
import {
  processingRequest,
  type InputDistribution,
  type ProcessingRequest,
  type UploadMode,
} from '@hemline/sagemaker/requests';
import { JOB_APIS } from './job-policies.ts';
import { checkOptions, jobSettings, SageMakerJobTask, type SageMakerJobProps } from './sagemaker-job-task.ts';

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
  protected readonly request: object;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @throws ConfigurationError for a request that SageMaker would refuse
   */
  constructor(scope: Construct, id: string, props: SageMakerCreateProcessingJobProps) {
    super(scope, id, props, JOB_APIS.processing);
    const request = requestOf(props);
    checkProcessingRequest(request, checkOptions(id));
    this.request = withTextList(request);
  }
}

function requestOf(props: SageMakerCreateProcessingJobProps): ProcessingRequest {
  const { processingInputs: inputs = [], processingOutputs: outputs = [] } = props;
  return processingRequest({
    ...jobSettings(props, props.instanceCount ?? 1),
    entrypoint: props.containerEntrypoint ?? [],
    arguments: props.containerArguments ?? [],
    inputs: inputs.map(({ s3Uri: uri, ...input }) => ({ ...input, uri })),
    outputs: outputs.map(({ s3Uri: uri, ...output }) => ({ ...output, uri })),
    ...(props.enableInterContainerTrafficEncryption === undefined
      ? {}
      : { isTrafficEncrypted: props.enableInterContainerTrafficEncryption }),
  });
}

/** A list may hold paths only inside of States.Array. */
function withTextList({ AppSpecification: app, ...request }: ProcessingRequest): object {
  const texts = app.ContainerArguments ?? [];
  const hasPath = texts.some((text) => sfn.JsonPath.isEncodedJsonPath(text));
  return {
    ...request,
    AppSpecification: { ...app, ...(hasPath ? { ContainerArguments: sfn.JsonPath.array(...texts) } : {}) },
  };
}
