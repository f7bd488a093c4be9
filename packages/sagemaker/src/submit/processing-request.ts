import type { CreateProcessingJobRequest } from '@aws-sdk/client-sagemaker';
import { folderUri, tagList, type JobInput, type JobSettings } from './job-machines.ts';

/** Where a processing container finds its inputs and leaves its outputs. */
const ROOT = '/opt/ml/processing';

/** A processing job. */
export interface ProcessingLaunch extends JobSettings {
  /** Arguments of `process`: `--step forecast --horizon 26 …`. */
  readonly arguments: readonly string[];
  readonly inputs: readonly JobInput[];
  /** Copied to S3 at the end; a job that is given `--output s3://…` writes by itself and needs none. */
  readonly outputs: readonly JobInput[];
}

/**
 * The request of a processing job, as the workflow makes it too.
 * @param launch what to process
 * @returns for `CreateProcessingJob`
 */
export function processingRequest(launch: ProcessingLaunch): CreateProcessingJobRequest {
  const { machines, outputs, kmsKey, network } = launch;
  return {
    ProcessingJobName: launch.name,
    AppSpecification: {
      ImageUri: launch.image,
      ContainerEntrypoint: ['process'],
      ContainerArguments: [...launch.arguments],
    },
    RoleArn: launch.role,
    ProcessingInputs: launch.inputs.map(({ name, uri }) => ({
      InputName: name,
      S3Input: {
        S3Uri: folderUri(uri),
        LocalPath: `${ROOT}/input/${name}`,
        S3DataType: 'S3Prefix',
        S3InputMode: 'File',
        // Every host sees everything and takes its share by itself, by whole partitions.
        S3DataDistributionType: 'FullyReplicated',
        S3CompressionType: 'None',
      },
    })),
    ...(outputs.length === 0
      ? {}
      : {
          ProcessingOutputConfig: {
            Outputs: outputs.map(({ name, uri }) => ({
              OutputName: name,
              S3Output: {
                S3Uri: folderUri(uri),
                LocalPath: `${ROOT}/output/${name}`,
                S3UploadMode: 'EndOfJob' as const,
              },
            })),
            ...(kmsKey === undefined ? {} : { KmsKeyId: kmsKey }),
          },
        }),
    ProcessingResources: {
      ClusterConfig: {
        InstanceType: machines.instanceType as never,
        InstanceCount: machines.instances,
        VolumeSizeInGB: machines.volumeGiB,
        ...(kmsKey === undefined ? {} : { VolumeKmsKeyId: kmsKey }),
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: machines.maximumSeconds },
    ...(network === undefined
      ? {}
      : {
          NetworkConfig: {
            VpcConfig: { Subnets: [...network.subnets], SecurityGroupIds: [...network.securityGroups] },
          },
        }),
    Environment: { ...launch.environment },
    Tags: tagList(launch.tags),
  };
}
