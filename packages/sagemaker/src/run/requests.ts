/** A request of CreateTrainingJob, as far as a local run honours it. */
export interface TrainingRequest {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: {
    readonly TrainingImage: string;
    readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly InputDataConfig?: readonly {
    readonly ChannelName: string;
    readonly InputMode?: string;
    readonly DataSource: {
      readonly S3DataSource: {
        readonly S3Uri: string;
        readonly S3DataType: string;
        readonly S3DataDistributionType?: string;
      };
    };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
  readonly ResourceConfig: { readonly InstanceCount: number; readonly InstanceType: string };
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds: number };
  readonly CheckpointConfig?: { readonly S3Uri: string };
}

/** A request of CreateProcessingJob, as far as a local run honours it. */
export interface ProcessingRequest {
  readonly ProcessingJobName: string;
  readonly AppSpecification: {
    readonly ImageUri: string;
    readonly ContainerEntrypoint?: readonly string[];
    readonly ContainerArguments?: readonly string[];
  };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ProcessingInputs?: readonly {
    readonly InputName: string;
    readonly S3Input: {
      readonly S3Uri: string;
      readonly LocalPath: string;
      readonly S3DataType: string;
      readonly S3DataDistributionType?: string;
    };
  }[];
  readonly ProcessingOutputConfig?: {
    readonly Outputs: readonly {
      readonly OutputName: string;
      readonly S3Output: {
        readonly S3Uri: string;
        readonly LocalPath: string;
        readonly S3UploadMode: string;
      };
    }[];
  };
  readonly ProcessingResources: {
    readonly ClusterConfig: {
      readonly InstanceCount: number;
      readonly InstanceType: string;
      readonly VolumeSizeInGB: number;
    };
  };
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds: number };
}
