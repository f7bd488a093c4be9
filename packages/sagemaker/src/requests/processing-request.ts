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

/** How the objects of an input reach the hosts of a job. */
export type InputDistribution = 'FullyReplicated' | 'ShardedByS3Key';

/** When the files of an output are uploaded. */
export type UploadMode = 'EndOfJob' | 'Continuous';

/**
 * A request of CreateProcessingJob, as far as hemline uses it.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
export interface ProcessingRequest {
  readonly ProcessingJobName: string;
  readonly RoleArn: string;
  readonly AppSpecification: {
    readonly ImageUri: string;
    readonly ContainerEntrypoint?: readonly string[];
    readonly ContainerArguments?: readonly string[];
  };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ProcessingInputs?: readonly {
    readonly InputName: string;
    readonly AppManaged: boolean;
    readonly S3Input: {
      readonly S3Uri: string;
      readonly LocalPath: string;
      readonly S3DataType: 'S3Prefix' | 'ManifestFile';
      readonly S3InputMode: 'File' | 'Pipe';
      readonly S3DataDistributionType: InputDistribution;
      readonly S3CompressionType: 'None';
    };
  }[];
  readonly ProcessingOutputConfig?: {
    readonly Outputs: readonly {
      readonly OutputName: string;
      readonly AppManaged: boolean;
      readonly S3Output: {
        readonly S3Uri: string;
        readonly LocalPath: string;
        readonly S3UploadMode: UploadMode;
      };
    }[];
    readonly KmsKeyId?: string;
  };
  readonly ProcessingResources: {
    readonly ClusterConfig: {
      readonly InstanceCount: number;
      readonly InstanceType: string;
      readonly VolumeSizeInGB: number;
      readonly VolumeKmsKeyId?: string;
    };
  };
  readonly NetworkConfig?: VpcFields & {
    readonly EnableNetworkIsolation?: boolean;
    readonly EnableInterContainerTrafficEncryption?: boolean;
  };
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds: number };
  readonly Tags?: readonly Tag[];
}

/** An input of a processing job. */
export interface ProcessingSource extends JobInput {
  /** Where it lies in the container; by default `/opt/ml/processing/input/<name>`. */
  readonly localPath?: string;
  /** By default every host sees everything and takes its share by itself, by whole partitions. */
  readonly distribution?: InputDistribution;
  /** Whether the URI names a prefix, which is the default, or a manifest of objects. */
  readonly dataType?: 'S3Prefix' | 'ManifestFile';
  /** Copied before the container starts, which is the default, or streamed. */
  readonly inputMode?: 'File' | 'Pipe';
}

/** An output of a processing job. */
export interface ProcessingTarget extends JobInput {
  /** Where the container leaves it; by default `/opt/ml/processing/output/<name>`. */
  readonly localPath?: string;
  /** At the end, which is the default, or as files appear. */
  readonly uploadMode?: UploadMode;
}

/** A processing job. */
export interface ProcessingLaunch extends JobSettings {
  /** Program of the image; `process` by default, none for what the image starts by itself. */
  readonly entrypoint?: readonly string[];
  /** Its arguments: `--step forecast --horizon 26 …`. */
  readonly arguments: readonly string[];
  readonly inputs: readonly ProcessingSource[];
  /** Copied to S3 at the end; a job that is given `--output s3://…` writes by itself and needs none. */
  readonly outputs: readonly ProcessingTarget[];
  /** Encrypts what the hosts of the job send each other; hemline's send nothing. */
  readonly isTrafficEncrypted?: boolean;
}

/** Where a processing container finds its inputs and leaves its outputs. */
const ROOT = '/opt/ml/processing';

/**
 * The request of a processing job: what is submitted, what the state machine renders, what is run on this machine.
 * @param launch what to process
 * @returns for `CreateProcessingJob`
 */
export function processingRequest(launch: ProcessingLaunch): ProcessingRequest {
  const { entrypoint = ['process'], outputs, keys } = launch;
  const network = {
    ...unlessAbsent('EnableNetworkIsolation', launch.isIsolated),
    ...unlessAbsent('EnableInterContainerTrafficEncryption', launch.isTrafficEncrypted),
    ...networkFields(launch),
  };
  return {
    ProcessingJobName: launch.name,
    RoleArn: launch.role,
    AppSpecification: {
      ImageUri: launch.image,
      ...unlessEmpty('ContainerEntrypoint', [...entrypoint]),
      ...unlessEmpty('ContainerArguments', [...launch.arguments]),
    },
    ...unlessEmpty(
      'ProcessingInputs',
      launch.inputs.map((input) => ({
        InputName: input.name,
        AppManaged: false,
        S3Input: {
          S3Uri: folderUri(input.uri),
          LocalPath: input.localPath ?? `${ROOT}/input/${input.name}`,
          S3DataType: input.dataType ?? 'S3Prefix',
          S3InputMode: input.inputMode ?? 'File',
          S3DataDistributionType: input.distribution ?? 'FullyReplicated',
          S3CompressionType: 'None' as const,
        },
      })),
    ),
    ...(outputs.length === 0
      ? {}
      : {
          ProcessingOutputConfig: {
            Outputs: outputs.map((output) => ({
              OutputName: output.name,
              AppManaged: false,
              S3Output: {
                S3Uri: folderUri(output.uri),
                LocalPath: output.localPath ?? `${ROOT}/output/${output.name}`,
                S3UploadMode: output.uploadMode ?? ('EndOfJob' as const),
              },
            })),
            ...unlessAbsent('KmsKeyId', keys?.outputs),
          },
        }),
    ProcessingResources: { ClusterConfig: machineFields(launch) },
    ...unlessEmpty('NetworkConfig', network),
    StoppingCondition: { MaxRuntimeInSeconds: launch.machines.maximumSeconds },
    ...labelFields(launch),
  };
}
