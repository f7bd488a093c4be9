import type { JobSettings } from '@hemline/sagemaker/requests';
import type {
  aws_iam as iam,
  aws_kms as kms,
  aws_lambda as lambda,
  aws_sns as sns,
  aws_stepfunctions as sfn,
} from 'aws-cdk-lib';

/** What states refer to in their stack. */
export interface Platform {
  /** Name of the bucket that everything a run leaves goes to. */
  readonly artifactsBucket: string;
  readonly key: kms.IKey;
  readonly trainingRole: iam.IRole;
  readonly processingRole: iam.IRole;
  /** Network that jobs run in; by default SageMaker's own. */
  readonly network?: JobSettings['network'];
  /** The function that does the small steps: plans, registers, completes. */
  readonly steps: lambda.IFunction;
  readonly topic: sns.ITopic;
  /**
   * @param image name of a model, or `data` for the check of the data
   * @param instanceType of the machine that it runs on
   */
  imageUri(image: string, instanceType?: string): string;
  /** @param workflow that was compiled before */
  machine(workflow: string): sfn.IStateMachine;
  /** ARN of the executions of this stage's workflows. */
  readonly executions: string;
  /** Models whose jobs run at the same time. */
  readonly modelsAtOnce: number;
  /** Cost tags of every job. */
  readonly tags: Readonly<Record<string, string>>;
}
