import {
  folderUri,
  labelFields,
  machineFields,
  networkFields,
  unlessAbsent,
  unlessEmpty,
  type JobInput,
  type JobSettings,
  type Tag,
  type VpcFields,
} from './job-settings.ts';

/**
 * A request of CreateTrainingJob, as far as hemline uses it.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export interface TrainingRequest extends VpcFields {
  readonly TrainingJobName: string;
  readonly RoleArn: string;
  readonly AlgorithmSpecification: {
    readonly TrainingImage: string;
    readonly TrainingInputMode: 'File' | 'FastFile';
    readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly InputDataConfig: readonly {
    readonly ChannelName: string;
    readonly InputMode: 'File' | 'FastFile';
    readonly DataSource: {
      readonly S3DataSource: {
        readonly S3Uri: string;
        readonly S3DataType: 'S3Prefix';
        readonly S3DataDistributionType: 'FullyReplicated';
      };
    };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly KmsKeyId?: string };
  readonly ResourceConfig: {
    readonly InstanceCount: number;
    readonly InstanceType: string;
    readonly VolumeSizeInGB: number;
    readonly VolumeKmsKeyId?: string;
  };
  readonly StoppingCondition: {
    readonly MaxRuntimeInSeconds: number;
    readonly MaxWaitTimeInSeconds?: number;
  };
  readonly EnableManagedSpotTraining?: boolean;
  readonly CheckpointConfig?: { readonly S3Uri: string };
  readonly EnableNetworkIsolation?: boolean;
  readonly Tags?: readonly Tag[];
}

/** A channel of a training. */
export interface TrainingChannel extends JobInput {
  /** Read from S3 while the job runs, which is the default, or copied before it starts. */
  readonly inputMode?: 'File' | 'FastFile';
}

/** A training job. */
export interface TrainingLaunch extends JobSettings {
  /** As strings, `cutoff`, `seed` and `preset` among them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly TrainingChannel[];
  /** Folder in S3 below which SageMaker makes `<job>/output/model.tar.gz`. */
  readonly output: string;
  /** What the code prints: `metricDefinitions` of the model. */
  readonly metricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
  /** Spare capacity: cheaper, may be taken away, resumes from checkpoints. */
  readonly spot?: { readonly checkpoints: string; readonly maximumWaitSeconds: number };
}

/**
 * The request of a training job: what is submitted, what the state machine renders, what is run on this machine.
 * @param launch what to train
 * @returns for `CreateTrainingJob`
 */
export function trainingRequest(launch: TrainingLaunch): TrainingRequest {
  const { machines, spot, keys } = launch;
  return {
    TrainingJobName: launch.name,
    RoleArn: launch.role,
    AlgorithmSpecification: {
      TrainingImage: launch.image,
      TrainingInputMode: 'File',
      ...unlessEmpty(
        'MetricDefinitions',
        launch.metricDefinitions.map((each) => ({ ...each })),
      ),
    },
    ...unlessEmpty('HyperParameters', { ...launch.hyperparameters }),
    InputDataConfig: launch.channels.map(({ name, uri, inputMode = 'FastFile' }) => ({
      ChannelName: name,
      InputMode: inputMode,
      DataSource: {
        S3DataSource: {
          S3DataType: 'S3Prefix',
          S3DataDistributionType: 'FullyReplicated',
          S3Uri: folderUri(uri),
        },
      },
    })),
    OutputDataConfig: {
      S3OutputPath: folderUri(launch.output),
      ...unlessAbsent('KmsKeyId', keys?.outputs),
    },
    ResourceConfig: machineFields(launch),
    StoppingCondition: {
      MaxRuntimeInSeconds: machines.maximumSeconds,
      ...unlessAbsent('MaxWaitTimeInSeconds', spot?.maximumWaitSeconds),
    },
    ...(spot === undefined
      ? {}
      : { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: folderUri(spot.checkpoints) } }),
    ...unlessAbsent('EnableNetworkIsolation', launch.isIsolated),
    ...networkFields(launch),
    ...labelFields(launch),
  };
}
