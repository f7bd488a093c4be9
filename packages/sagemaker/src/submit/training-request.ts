import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { folderUri, tagList, type JobInput, type JobSettings } from './job-machines.ts';

/** A training job. */
export interface TrainingLaunch extends JobSettings {
  /** As strings, `cutoff`, `seed` and `preset` among them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly JobInput[];
  /** Folder in S3 below which SageMaker makes `<job>/output/model.tar.gz`. */
  readonly output: string;
  /** What the code prints, as the runtime exports it for the model. */
  readonly metricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
  /** Spare capacity: cheaper, may be taken away, resumes from checkpoints. */
  readonly spot?: { readonly checkpoints: string; readonly maximumWaitSeconds: number };
}

/**
 * The request of a training job, as the workflow makes it too.
 * @param launch what to train
 * @returns for `CreateTrainingJob`
 */
export function trainingRequest(launch: TrainingLaunch): CreateTrainingJobRequest {
  const { machines, spot, kmsKey, network } = launch;
  return {
    TrainingJobName: launch.name,
    AlgorithmSpecification: {
      TrainingImage: launch.image,
      TrainingInputMode: 'FastFile',
      MetricDefinitions: launch.metricDefinitions.map((each) => ({ ...each })),
    },
    RoleArn: launch.role,
    HyperParameters: { ...launch.hyperparameters },
    InputDataConfig: launch.channels.map(({ name, uri }) => ({
      ChannelName: name,
      DataSource: {
        S3DataSource: {
          S3DataType: 'S3Prefix',
          S3Uri: folderUri(uri),
          S3DataDistributionType: 'FullyReplicated',
        },
      },
    })),
    OutputDataConfig: {
      S3OutputPath: folderUri(launch.output),
      ...(kmsKey === undefined ? {} : { KmsKeyId: kmsKey }),
    },
    ResourceConfig: {
      InstanceType: machines.instanceType as never,
      InstanceCount: machines.instances,
      VolumeSizeInGB: machines.volumeGiB,
      ...(kmsKey === undefined ? {} : { VolumeKmsKeyId: kmsKey }),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: machines.maximumSeconds,
      ...(spot === undefined ? {} : { MaxWaitTimeInSeconds: spot.maximumWaitSeconds }),
    },
    ...(spot === undefined
      ? {}
      : { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: folderUri(spot.checkpoints) } }),
    ...(network === undefined
      ? {}
      : { VpcConfig: { Subnets: [...network.subnets], SecurityGroupIds: [...network.securityGroups] } }),
    Environment: { ...launch.environment },
    Tags: tagList(launch.tags),
  };
}
