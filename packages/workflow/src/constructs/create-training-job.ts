import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkTrainingRequest } from '@hemline/sagemaker/check';
import { trainingRequest, type TrainingRequest } from '@hemline/sagemaker/requests';
import { JOB_APIS } from './job-policies.ts';
import { checkOptions, jobSettings, SageMakerJobTask, type SageMakerJobProps } from './sagemaker-job-task.ts';

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
  protected readonly request: object;

  /**
   * @param scope of the construct
   * @param id name of the state
   * @param props what to run
   * @throws ConfigurationError for a request that SageMaker would refuse
   */
  constructor(scope: Construct, id: string, props: SageMakerTrainingJobProps) {
    super(scope, id, props, JOB_APIS.training);
    const request = requestOf(props);
    checkTrainingRequest(request, checkOptions(id));
    this.request = request;
  }
}

function requestOf(props: SageMakerTrainingJobProps): TrainingRequest {
  const { hyperparameters = {}, metricDefinitions = [], spot } = props;
  return trainingRequest({
    ...jobSettings(props, 1),
    hyperparameters,
    metricDefinitions,
    channels: props.channels.map(({ name, s3Uri: uri, inputMode = 'File' }) => ({ name, uri, inputMode })),
    output: props.outputUri,
    ...(spot === undefined
      ? {}
      : { spot: { checkpoints: spot.checkpoints, maximumWaitSeconds: spot.maxWait.toSeconds() } }),
  });
}
