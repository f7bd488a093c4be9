import { ArnFormat, Duration, Stack, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Images } from './images.ts';
import { functionLogs, type StageLogs } from './stage-logs.ts';
import type { Storage } from './storage.ts';

/**
 * @param stage of the deployment
 * @returns prefix of its model package groups
 */
export function registryPrefix(stage: string): string {
  return `hemline-${stage}-`;
}

/** What the function works with. */
export interface StepFunctionProps {
  readonly deployment: Deployment;
  readonly storage: Storage;
  readonly logs: StageLogs;
  /** Bundle with `index.handler`. */
  readonly code: lambda.Code;
  readonly images: Images;
}

/** The function that does the small steps: it needs seconds, where a job would need minutes to start. */
export class StepFunction extends Construct {
  readonly function: lambda.Function;

  /**
   * @param scope of the construct
   * @param id of it
   * @param props stage, storage, code
   */
  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { deployment, storage, logs, code, images } = props;
    const { data, artifacts, key } = storage;
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'hemline: plans runs, registers models, completes forecasts',
    });
    const logGroup = logs.group(this, 'Logs', functionLogs(deployment.stage, 'steps'));
    this.function = new lambda.Function(this, 'Function', {
      description: 'hemline: small steps of the workflows',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role,
      timeout: Duration.minutes(5),
      memorySize: 512,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      environment: {
        HEMLINE_STAGE: deployment.stage,
        HEMLINE_ARTIFACTS: `s3://${artifacts.bucketName}/`,
        HEMLINE_REGISTRY: `sagemaker://${registryPrefix(deployment.stage)}`,
        // A version of SageMaker's registry names the image that it runs in.
        HEMLINE_IMAGES: images.pattern(),
      },
    });
    logGroup.grantWrite(role);
    const allow = (actions: string[], resources: string[]): void =>
      void role.addToPolicy(new iam.PolicyStatement({ actions, resources }));
    // Of the data it sees which deliveries are complete, and reads none.
    allow(['s3:ListBucket'], [data.bucketArn, artifacts.bucketArn]);
    allow(
      ['s3:GetObject', 's3:PutObject'],
      ['runs/*', 'forecasts/*', 'claims/*', 'state/*'].map((keys) => artifacts.arnForObjects(keys)),
    );
    allow(['s3:GetObject'], [artifacts.arnForObjects('recommendations/*')]);
    // SageMaker looks whether there is a model, as who registers it.
    allow(['s3:GetObject'], [artifacts.arnForObjects('versions/*')]);
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
    const registry = (resource: string): string =>
      stack.formatArn({
        service: 'sagemaker',
        resource,
        resourceName: `${registryPrefix(deployment.stage)}*`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
    allow(
      [
        'sagemaker:CreateModelPackage',
        'sagemaker:UpdateModelPackage',
        'sagemaker:DescribeModelPackage',
        'sagemaker:ListModelPackages',
        'sagemaker:CreateModelPackageGroup',
        'sagemaker:DescribeModelPackageGroup',
        'sagemaker:AddTags',
      ],
      [registry('model-package-group'), registry('model-package')],
    );
  }
}
