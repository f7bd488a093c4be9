/** Everything in the stack that grants more than one named thing, or that cdk-nag finds fault with, and why it stays. */
export interface Acknowledged {
  /** Matches the resource as rendered, `<LogicalId.Arn>` for references, or the rule. */
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Wildcards of IAM policies. */
export const WILDCARDS: readonly Acknowledged[] = [
  {
    pattern: /^<StorageData\w+\.Arn>\/\*$/,
    reason: 'jobs read the data that has arrived, under whatever name',
  },
  {
    pattern:
      /^<StorageArtifacts\w+\.Arn>\/(runs|versions|forecasts|recommendations|decisions|checkpoints|claims|state)\/\*$/,
    reason: 'the names of runs and datasets are not known before',
  },
  {
    pattern: /:log-group:\/aws\/sagemaker\/(TrainingJobs|ProcessingJobs):\*$/,
    reason: 'SageMaker names a log stream after each job',
  },
  { pattern: /:repository\/hemline\/\*$/, reason: 'one repository a model' },
  {
    pattern: /:sagemaker:.*:(training|processing)-job\/[cxtefo]-[a-z-]+-[0-9a-f]{4}-\*$/,
    reason: 'the name of a job is its step and a UUID',
  },
  {
    pattern: /:sagemaker:.*:(model-package|model-package-group)\/hemline-\w+-\*$/,
    reason: 'the groups of this stage, a version a number',
  },
  {
    pattern: /^<StepsFunction\w+\.Arn>:\*$/,
    reason: "the function's versions, which the CDK grants with it",
  },
  { pattern: /:states:.*:execution:.*\*$/, reason: 'executions of the state machines that a chain starts' },
];

/** Statements on all resources: their actions know no resource, or conditions bound them. */
export const ON_EVERYTHING: Readonly<Record<string, string>> = {
  'ecr:GetAuthorizationToken': 'is not of a resource',
  'cloudwatch:PutMetricData': 'is not of a resource; a condition bounds the namespace',
  'xray:PutTraceSegments': 'is not of a resource',
  'xray:PutTelemetryRecords': 'is not of a resource',
  'xray:GetSamplingRules': 'is not of a resource',
  'xray:GetSamplingTargets': 'is not of a resource',
  'logs:CreateLogDelivery': 'log delivery of Step Functions is not of a resource',
  'logs:GetLogDelivery': 'log delivery of Step Functions is not of a resource',
  'logs:UpdateLogDelivery': 'log delivery of Step Functions is not of a resource',
  'logs:DeleteLogDelivery': 'log delivery of Step Functions is not of a resource',
  'logs:ListLogDeliveries': 'log delivery of Step Functions is not of a resource',
  'logs:PutResourcePolicy': 'log delivery of Step Functions is not of a resource',
  'logs:DescribeResourcePolicies': 'log delivery of Step Functions is not of a resource',
  'logs:DescribeLogGroups': 'log delivery of Step Functions is not of a resource',
};

/** Other findings of cdk-nag. */
export const FINDINGS: readonly Acknowledged[] = [
  { pattern: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'see ON_EVERYTHING, action by action' },
  {
    pattern: /^AwsSolutions-IAM4\[Policy::.*AWSLambdaBasicExecutionRole\] .*BucketNotificationsHandler/,
    reason: "the CDK's own function, which only turns on EventBridge when the stack is deployed",
  },
  { pattern: /^AwsSolutions-SQS3 .*DeadLetters/, reason: 'it is itself the dead-letter queue' },
];
