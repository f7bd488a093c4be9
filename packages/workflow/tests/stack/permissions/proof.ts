import { statesOf, type AslMachine } from '../../../src/local/definition.ts';
import type { Template } from '../../../src/stack/template.ts';
import { isAllowed, type Call, type Statement } from './iam.ts';
import { ACCOUNT, resolveTemplate, REGION, type Resolved } from './resolved.ts';
import { callsOf, encrypting, type Made, type Surroundings } from './task-calls.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- a template is JSON of many shapes */

/** What the function of small steps calls, by the command of the SDK that its sources send. */
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  // A read of what is not there is told apart from a read that is not allowed only by who may list.
  GetObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  PutObjectCommand: ['s3:PutObject'],
  ListObjectsV2Command: ['s3:ListBucket'],
  CreateModelPackageCommand: ['sagemaker:CreateModelPackage', 'sagemaker:AddTags'],
  UpdateModelPackageCommand: ['sagemaker:UpdateModelPackage'],
  DescribeModelPackageCommand: ['sagemaker:DescribeModelPackage'],
  DescribeModelPackageGroupCommand: ['sagemaker:DescribeModelPackageGroup'],
  CreateModelPackageGroupCommand: ['sagemaker:CreateModelPackageGroup', 'sagemaker:AddTags'],
  paginateListModelPackages: ['sagemaker:ListModelPackages'],
};

/** A stack whose calls are looked at. */
export interface Proof {
  /** Every call that the stack makes, in words where it comes from. */
  readonly calls: readonly Call[];
  /** Calls that its policies do not allow. */
  readonly refused: readonly Call[];
}

/**
 * Derives from a template every call that its machines, jobs, function, alarms and rules make, and judges each by its policies.
 * @param template as synthesized
 * @returns the calls, and those that are refused
 */
export function provePermissions(template: Template): Proof {
  const resources = [...resolveTemplate(template).values()];
  const of = (type: string): Resolved[] => resources.filter((resource) => resource.type === type);
  const byArn = new Map(resources.map((resource) => [resource.arn, resource]));
  const around: Surroundings = {
    keyOf: (arn) => keyOf(byArn.get(arn)),
    data: bucket(of('AWS::S3::Bucket'), 'StorageData'),
    artifacts: bucket(of('AWS::S3::Bucket'), 'StorageArtifacts'),
  };
  const calls: Call[] = [];
  const assume = (service: string, role: string, source: string, by: string): void =>
    void calls.push({
      by: { service },
      action: 'sts:AssumeRole',
      resource: role,
      context: { 'aws:sourceaccount': ACCOUNT, 'aws:sourcearn': source },
      of: by,
    });
  const add = (role: string, made: readonly Made[], by: string): void =>
    void calls.push(...made.map((call) => ({ ...call, by: { role }, of: by })));

  for (const { properties, arn } of of('AWS::StepFunctions::StateMachine')) {
    const role = properties['RoleArn'] as string;
    assume('states.amazonaws.com', role, arn, properties['StateMachineName'] as string);
    const definition = JSON.parse(properties['DefinitionString'] as string) as AslMachine;
    for (const { name, state } of statesOf(definition)) {
      if (state.Type !== 'Task') continue;
      const where = `${properties['StateMachineName'] as string}: ${name}`;
      const { machine, job } = callsOf(state, around);
      add(role, machine, where);
      if (job === null) continue;
      assume('sagemaker.amazonaws.com', job.role, '', where);
      add(job.role, job.calls, `the job of ${where}`);
    }
  }
  for (const { id, properties } of of('AWS::Lambda::Function')) {
    if (!id.startsWith('Steps')) continue;
    const role = properties['Role'] as string;
    assume('lambda.amazonaws.com', role, '', id);
    add(role, functionCalls(properties, around), 'the function of small steps');
  }
  for (const { arn, properties } of of('AWS::CloudWatch::Alarm'))
    for (const topic of properties['AlarmActions'] as string[])
      send('cloudwatch.amazonaws.com', 'sns:Publish', topic, arn);
  for (const { arn, properties } of of('AWS::Events::Rule'))
    for (const { Arn, RoleArn, DeadLetterConfig } of properties['Targets'] as Record<string, any>[]) {
      if (RoleArn !== undefined) {
        assume('events.amazonaws.com', RoleArn as string, arn, arn);
        const action = (Arn as string).includes(':stateMachine:')
          ? 'states:StartExecution'
          : 'lambda:InvokeFunction';
        add(RoleArn as string, [{ action, resource: Arn as string }], arn);
      } else send('events.amazonaws.com', 'lambda:InvokeFunction', Arn as string, arn);
      if (DeadLetterConfig !== undefined)
        send('events.amazonaws.com', 'sqs:SendMessage', DeadLetterConfig.Arn as string, arn);
    }
  for (const { arn, properties } of of('AWS::Logs::LogGroup'))
    for (const action of ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'])
      calls.push({
        by: { service: `logs.${REGION}.amazonaws.com` },
        action,
        resource: properties['KmsKeyId'] as string,
        context: { 'kms:encryptioncontext:aws:logs:arn': arn.replace(/:\*$/, '') },
        of: properties['LogGroupName'] as string,
      });
  return { calls, refused: calls.filter((call) => !isAllowed(call, policiesOf(call, resources), ACCOUNT)) };

  /** A service sends in its own name: by the resource's policy, and that of its key. */
  function send(service: string, action: string, to: string, source: string): void {
    const context = { 'aws:sourceaccount': ACCOUNT, 'aws:sourcearn': source, 'aws:securetransport': 'true' };
    const made = [{ action, resource: to }, ...encrypting(around.keyOf(to))];
    calls.push(...made.map((call) => ({ ...call, by: { service }, context, of: source })));
  }
}

function functionCalls(
  properties: Record<string, any>,
  { keyOf: key, data, artifacts }: Surroundings,
): Made[] {
  const prefix = (properties['Environment'].Variables.HEMLINE_REGISTRY as string).replace('sagemaker://', '');
  const bucketArn = `arn:aws:s3:::${artifacts}`;
  const groups = ['model-package-group', 'model-package'].map(
    (kind) =>
      `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${kind}/${prefix}ape${kind === 'model-package' ? '/1' : ''}`,
  );
  return [
    ...Object.values(COMMANDS)
      .flat()
      .flatMap((action): Made[] => {
        // Which deliveries there are, it looks up as well.
        if (action === 's3:ListBucket')
          return [bucketArn, `arn:aws:s3:::${data}`].map((resource) => ({ action, resource }));
        if (action.startsWith('s3:'))
          return ['runs/x', 'forecasts/x', 'claims/x', 'state/x'].map((object) => ({
            action,
            resource: `${bucketArn}/${object}`,
          }));
        return groups.map((resource) => ({ action, resource }));
      }),
    // Whoever registers a version must be able to read its model.
    { action: 's3:GetObject', resource: `${bucketArn}/versions/x` },
    ...encrypting(key(bucketArn)),
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
      action,
      resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${properties['LoggingConfig'].LogGroup === undefined ? '' : '/hemline/test/steps'}:*`,
    })),
    ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({ action, resource: '*' })),
  ];
}

function policiesOf(call: Call, resources: readonly Resolved[]): Parameters<typeof isAllowed>[1] {
  const roleId = 'role' in call.by ? call.by.role.split('/').at(-1)!.toLowerCase() : null;
  const identity = resources
    .filter(
      ({ type, properties }) =>
        type === 'AWS::IAM::Policy' && (properties['Roles'] as string[]).includes(roleId!),
    )
    .flatMap(({ properties }) => properties['PolicyDocument'].Statement as Statement[]);
  const target = resources.find(({ arn }) => arn === call.resource.replace(/(:::[^/]+)\/.*/, '$1'));
  if (target === undefined) return { identity, resource: null, resourceDecides: false };
  switch (target.type) {
    case 'AWS::KMS::Key':
      return {
        identity,
        resource: target.properties['KeyPolicy'].Statement as Statement[],
        resourceDecides: true,
      };
    case 'AWS::IAM::Role':
      if (call.action !== 'sts:AssumeRole') break;
      return {
        identity,
        resource: target.properties['AssumeRolePolicyDocument'].Statement as Statement[],
        resourceDecides: true,
      };
    default: {
      const name = target.arn.startsWith('arn:aws:s3') ? target.arn.slice(13) : target.arn;
      const attached = resources
        .filter(({ properties: { Topics, Queues, Bucket, PolicyDocument } }) =>
          PolicyDocument === undefined
            ? false
            : [Topics, Queues, Bucket]
                .flat()
                .some((each) => each === name || each === target.id.toLowerCase()),
        )
        .flatMap(({ properties }) => properties['PolicyDocument'].Statement as Statement[]);
      return { identity, resource: attached, resourceDecides: false };
    }
  }
  return { identity, resource: null, resourceDecides: false };
}

/** Of the resources that may be encrypted. */
function keyOf(resource: Resolved | undefined): string | null {
  const key: unknown =
    resource?.properties['KmsMasterKeyId'] ??
    resource?.properties['BucketEncryption']?.ServerSideEncryptionConfiguration?.[0]
      ?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
  return typeof key === 'string' ? key : null;
}

function bucket(buckets: readonly Resolved[], prefix: string): string {
  return buckets.find(({ id }) => id.startsWith(prefix))!.arn.slice('arn:aws:s3:::'.length);
}
