import { ArnFormat, Stack, aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Storage } from './storage.ts';

/** The roles that jobs run as: a training reads data and leaves models, processing also reads models and writes forecasts. */
export class JobRoles extends Construct {
  readonly training: iam.Role;
  readonly processing: iam.Role;

  /**
   * @param scope of the construct
   * @param id of it
   * @param deployment network of the jobs
   * @param storage buckets and key
   */
  constructor(scope: Construct, id: string, { network }: Deployment, storage: Storage) {
    super(scope, id);
    this.training = this.#role('Training', 'trains models', 'TrainingJobs');
    this.processing = this.#role('Processing', 'checks data, evaluates, forecasts, prices', 'ProcessingJobs');
    const { data, artifacts, key } = storage;
    for (const role of [this.training, this.processing]) {
      allow(role, ['s3:ListBucket'], [data.bucketArn, artifacts.bucketArn]);
      allow(role, ['s3:GetObject'], [data.arnForObjects('*'), artifacts.arnForObjects('runs/*')]);
      if (network !== undefined) this.#allowNetwork(role, network);
      // Disks of the machines are encrypted with the key as well, which takes a grant.
      allow(role, ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], [key.keyArn]);
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: ['kms:CreateGrant'],
          resources: [key.keyArn],
          conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        }),
      );
    }
    allow(
      this.training,
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [artifacts.arnForObjects('checkpoints/*')],
    );
    allow(
      this.training,
      ['s3:PutObject'],
      [artifacts.arnForObjects('versions/*'), artifacts.arnForObjects('runs/*')],
    );
    // What people have decided about prices is read by what prices, and written by nobody here.
    allow(
      this.processing,
      ['s3:GetObject'],
      ['versions/*', 'decisions/*'].map((keys) => artifacts.arnForObjects(keys)),
    );
    allow(
      this.processing,
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      ['runs/*', 'forecasts/*', 'recommendations/*'].map((keys) => artifacts.arnForObjects(keys)),
    );
    allow(this.processing, ['s3:ListBucketMultipartUploads'], [artifacts.bucketArn]);
  }

  /**
   * SageMaker puts an interface of each machine into the network, in the name of the job's role.
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
   */
  #allowNetwork(role: iam.Role, { subnets, securityGroups }: NonNullable<Deployment['network']>): void {
    const ec2 = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({ service: 'ec2', resource, resourceName });
    const interfaces = ec2('network-interface', '*');
    allow(
      role,
      ['ec2:CreateNetworkInterface'],
      [
        interfaces,
        ...subnets.map((subnet) => ec2('subnet', subnet)),
        ...securityGroups.map((group) => ec2('security-group', group)),
      ],
    );
    allow(
      role,
      [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      [interfaces],
    );
    // EC2 knows no resource for what it describes.
    allow(
      role,
      ['NetworkInterfaces', 'Vpcs', 'DhcpOptions', 'Subnets', 'SecurityGroups'].map(
        (what) => `ec2:Describe${what}`,
      ),
      ['*'],
    );
  }

  #role(id: string, does: string, logGroup: string): iam.Role {
    const stack = Stack.of(this);
    const role = new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: `hemline: ${does}`,
    });
    const logs = (name: string): string =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: `/aws/sagemaker/${logGroup}${name}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    allow(role, ['logs:CreateLogGroup', 'logs:DescribeLogStreams'], [logs('')]);
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs(':*')]);
    // SageMaker puts the metrics that it reads out of logs into its own namespaces.
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'hemline'] } },
      }),
    );
    allow(role, ['ecr:GetAuthorizationToken'], ['*']);
    allow(
      role,
      ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      [stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: 'hemline/*' })],
    );
    return role;
  }
}

function allow(role: iam.Role, actions: string[], resources: string[]): void {
  role.addToPolicy(new iam.PolicyStatement({ actions, resources }));
}
