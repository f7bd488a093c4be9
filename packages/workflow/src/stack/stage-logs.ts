import { ArnFormat, RemovalPolicy, Stack, aws_iam as iam, aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Storage } from './storage.ts';

/**
 * Log groups of a stage: encrypted with its key, and kept as long as what they tell of. Those of SageMaker's jobs are not among them:
 * all jobs of an account write to the same two.
 */
export class StageLogs {
  readonly #deployment: Deployment;
  readonly #storage: Storage;

  /**
   * @param deployment how long
   * @param storage whose key encrypts them
   */
  constructor(deployment: Deployment, storage: Storage) {
    this.#deployment = deployment;
    this.#storage = storage;
    const stack = Stack.of(storage);
    const { stage } = deployment;
    const arns = [functionLogs(stage, '*'), machineLogs(stage, '*')].map((resourceName) =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    storage.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowLogsOfThisStage',
        principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        // CloudWatch gives no account with these calls, but the group, whose ARN has it.
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arns } },
      }),
    );
  }

  /**
   * @param scope of the construct
   * @param id of it
   * @param logGroupName {@link functionLogs} or {@link machineLogs}
   * @returns the group
   */
  group(scope: Construct, id: string, logGroupName: string): logs.LogGroup {
    const { keepDays, disposable } = this.#deployment;
    const group = new logs.LogGroup(scope, id, {
      logGroupName,
      encryptionKey: this.#storage.key,
      retention: retentionOf(keepDays),
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    // A group that the key does not know is not made.
    group.node.addDependency(this.#storage.key);
    return group;
  }
}

/**
 * @param stage of the deployment
 * @param name of a function
 * @returns name of its log group
 */
export function functionLogs(stage: string, name: string): string {
  return `/hemline/${stage}/${name}`;
}

/**
 * @param stage of the deployment
 * @param name of a state machine
 * @returns name of its log group; the beginning is AWS's, whose policy for all of them has room for few names
 */
export function machineLogs(stage: string, name: string): string {
  return `/aws/vendedlogs/states/hemline-${stage}-${name}`;
}

/**
 * @param days to keep at least
 * @returns the shortest time of that many days that CloudWatch knows; for more than it knows, for ever
 */
function retentionOf(days: number): logs.RetentionDays {
  const known = Object.values(logs.RetentionDays)
    .filter((each): each is logs.RetentionDays => typeof each === 'number')
    .sort((a, b) => a - b);
  return known.find((each) => each >= days) ?? logs.RetentionDays.INFINITE;
}
