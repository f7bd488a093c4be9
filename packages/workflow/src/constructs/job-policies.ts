import { ArnFormat, Stack, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Which API a task calls. */
export interface JobApi {
  /** `TrainingJob` or `ProcessingJob`. */
  readonly name: 'TrainingJob' | 'ProcessingJob';
  /** Of the ARN. */
  readonly resource: 'training-job' | 'processing-job';
  /** Step Functions' managed rule, by which it learns that a job has ended. */
  readonly rule: string;
}

/** SageMaker's two kinds of jobs. */
export const JOB_APIS = {
  training: {
    name: 'TrainingJob',
    resource: 'training-job',
    rule: 'StepFunctionsGetEventsForSageMakerTrainingJobsRule',
  },
  processing: {
    name: 'ProcessingJob',
    resource: 'processing-job',
    rule: 'StepFunctionsGetEventsForSageMakerProcessingJobsRule',
  },
} as const satisfies Record<string, JobApi>;

/**
 * What a state machine must be allowed to run such jobs to their end: for jobs of one prefix, with one role.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 * @param scope of the task
 * @param api which kind of job
 * @param prefix of the jobs' names
 * @param role that the jobs run as
 * @returns statements for the state machine's role
 */
export function jobPolicies(
  scope: Construct,
  api: JobApi,
  prefix: string,
  role: iam.IRole,
): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({
    service: 'sagemaker',
    resource: api.resource,
    // SageMaker writes the names in its ARNs in lower case.
    resourceName: `${prefix.toLowerCase()}-*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return [
    new iam.PolicyStatement({
      actions: [`sagemaker:Create${api.name}`, `sagemaker:Describe${api.name}`, `sagemaker:Stop${api.name}`],
      resources: [arn],
    }),
    new iam.PolicyStatement({ actions: ['sagemaker:AddTags'], resources: [arn] }),
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
    new iam.PolicyStatement({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: api.rule,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  ];
}
