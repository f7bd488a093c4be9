/* eslint-disable @typescript-eslint/no-explicit-any -- parameters of a state are JSON of many shapes */
import type { AslState } from '../../../src/local/definition.ts';
import type { Call } from './iam.ts';
import { ACCOUNT, REGION } from './resolved.ts';

/** What stands for a value that only a run knows. */
const SOME = 'x';

/** A call without who makes it, and for which state. */
export type Made = Omit<Call, 'by' | 'of'>;

/** What a task makes a state machine call, and what the job that it starts calls itself. */
export interface TaskCalls {
  readonly machine: readonly Made[];
  /** Null: it starts no job. */
  readonly job: { readonly role: string; readonly calls: readonly Made[] } | null;
}

/** What a task's calls depend on besides the task. */
export interface Surroundings {
  /** ARN of the key of a topic, a bucket or a queue; null: it has none of its own. */
  keyOf(arn: string): string | null;
  /** Names of the buckets. */
  readonly data: string;
  readonly artifacts: string;
}

/** By the resource of a task, which APIs it calls: a task that is not here has to be looked up in AWS's pages and added. */
const TASKS: Readonly<Record<string, (parameters: Record<string, any>, around: Surroundings) => TaskCalls>> =
  {
    'lambda:invoke': ({ FunctionName }) => ({
      machine: [{ action: 'lambda:InvokeFunction', resource: FunctionName as string }],
      job: null,
    }),
    'sns:publish': ({ TopicArn }, around) => ({
      machine: [
        { action: 'sns:Publish', resource: TopicArn as string, context: { 'aws:securetransport': 'true' } },
        ...encrypting(around.keyOf(TopicArn as string)),
      ],
      job: null,
    }),
    'states:startExecution.sync:2': ({ StateMachineArn }) => ({
      machine: [
        { action: 'states:StartExecution', resource: StateMachineArn as string },
        ...['states:DescribeExecution', 'states:StopExecution'].map((action) => ({
          action,
          resource: `${(StateMachineArn as string).replace(':stateMachine:', ':execution:')}:${SOME}`,
        })),
        ...rule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
      ],
      job: null,
    }),
    // Which execution, is known when it runs: one of any workflow of the stage.
    'aws-sdk:sfn:describeExecution': () => ({
      machine: [
        {
          action: 'states:DescribeExecution',
          resource: `arn:aws:states:${REGION}:${ACCOUNT}:execution:hemline-test-training:${SOME}`,
        },
      ],
      job: null,
    }),
    'aws-sdk:sfn:listExecutions': ({ StateMachineArn }) => ({
      machine: [{ action: 'states:ListExecutions', resource: StateMachineArn as string }],
      job: null,
    }),
    'sagemaker:createTrainingJob.sync': (parameters, around) => job('Training', parameters, around),
    'sagemaker:createProcessingJob.sync': (parameters, around) => job('Processing', parameters, around),
  };

/**
 * @param state a task
 * @param around key of a resource, names of the buckets
 * @returns what it calls
 * @throws Error for a task whose calls nobody has written down
 */
export function callsOf(state: AslState, around: Surroundings): TaskCalls {
  const kind = /:states:::(.+)$/.exec(state.Resource ?? '')?.[1] ?? '';
  const calls = TASKS[kind];
  if (calls === undefined)
    throw new Error(`nobody has written down what the task ${state.Resource ?? '?'} calls: add it to TASKS`);
  return calls(state['Parameters'] as Record<string, any>, around);
}

/** A job of SageMaker, by the APIs reference of actions and the page of Step Functions' integration. */
function job(
  kind: 'Training' | 'Processing',
  parameters: Record<string, any>,
  around: Surroundings,
): TaskCalls {
  const name = text(parameters, `${kind}JobName`);
  const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${kind.toLowerCase()}-job/${name}`;
  const role = parameters['RoleArn'] as string;
  return {
    machine: [
      ...['Create', 'Describe', 'Stop'].map((verb) => ({
        action: `sagemaker:${verb}${kind}Job`,
        resource: arn,
      })),
      ...(parameters['Tags'] === undefined ? [] : [{ action: 'sagemaker:AddTags', resource: arn }]),
      {
        action: 'iam:PassRole',
        resource: role,
        context: { 'iam:passedtoservice': 'sagemaker.amazonaws.com' },
      },
      ...rule(`StepFunctionsGetEventsForSageMaker${kind}JobsRule`),
    ],
    job: { role, calls: jobCalls(kind, parameters, around) },
  };
}

function jobCalls(
  kind: 'Training' | 'Processing',
  parameters: Record<string, any>,
  around: Surroundings,
): Made[] {
  const group = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/sagemaker/${kind}Jobs`;
  const image = (parameters['AlgorithmSpecification']?.TrainingImage ??
    parameters['AppSpecification'].ImageUri) as string;
  const repository = /^[^/]+\/([^:@]+)/.exec(image)![1]!;
  const calls: Made[] = [
    { action: 'logs:CreateLogGroup', resource: group },
    { action: 'logs:CreateLogStream', resource: `${group}:log-stream:${SOME}` },
    { action: 'logs:PutLogEvents', resource: `${group}:log-stream:${SOME}` },
    { action: 'logs:DescribeLogStreams', resource: group },
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': `/aws/sagemaker/${kind}Jobs` },
    },
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'].map((action) => ({
      action: `ecr:${action}`,
      resource: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repository}`,
    })),
  ];
  const keys = new Set<string>();
  for (const { direction, uri } of places(kind, parameters, around)) {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri)!;
    const arn = `arn:aws:s3:::${bucket!}`;
    calls.push({ action: 's3:ListBucket', resource: arn });
    for (const action of direction === 'in'
      ? ['Get']
      : direction === 'out'
        ? ['Put']
        : ['Get', 'Put', 'Delete'])
      calls.push({ action: `s3:${action}Object`, resource: `${arn}/${key!}${SOME}` });
    const own = around.keyOf(arn);
    if (own !== null) keys.add(own);
  }
  for (const key of keys) calls.push(...encrypting(key));
  const network = (parameters['NetworkConfig'] ?? parameters).VpcConfig as
    { Subnets: string[]; SecurityGroupIds: string[] } | undefined;
  if (network !== undefined) calls.push(...interfaces(network));
  const disks = (parameters['ResourceConfig'] ?? parameters['ProcessingResources'].ClusterConfig)
    .VolumeKmsKeyId as string | undefined;
  // SageMaker opens the disks for the machines by a grant on the key.
  if (disks !== undefined)
    calls.push(
      { action: 'kms:DescribeKey', resource: disks },
      { action: 'kms:CreateGrant', resource: disks, context: { 'kms:grantisforawsresource': 'true' } },
    );
  return calls;
}

/** Of a machine in a network of one's own. */
function interfaces(network: { Subnets: string[]; SecurityGroupIds: string[] }): Made[] {
  const arn = (resource: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:${resource}`;
  return [
    ...[
      `network-interface/${SOME}`,
      ...network.Subnets.map((subnet) => `subnet/${subnet}`),
      ...network.SecurityGroupIds.map((group) => `security-group/${group}`),
    ].map((resource) => ({ action: 'ec2:CreateNetworkInterface', resource: arn(resource) })),
    ...['CreateNetworkInterfacePermission', 'DeleteNetworkInterface', 'DeleteNetworkInterfacePermission'].map(
      (verb) => ({ action: `ec2:${verb}`, resource: arn(`network-interface/${SOME}`) }),
    ),
    ...['NetworkInterfaces', 'Vpcs', 'DhcpOptions', 'Subnets', 'SecurityGroups'].map((what) => ({
      action: `ec2:Describe${what}`,
      resource: '*',
    })),
  ];
}

/** Where a job reads and writes; what only a run knows may lie in the data that has arrived. */
function places(
  kind: 'Training' | 'Processing',
  parameters: Record<string, any>,
  { data, artifacts }: Surroundings,
): { direction: 'in' | 'out' | 'both'; uri: string }[] {
  const found: { direction: 'in' | 'out' | 'both'; uri: string }[] = [];
  const add = (direction: 'in' | 'out' | 'both', holder: Record<string, any>, name: string): void => {
    const uri = text(holder, name);
    if (uri.startsWith('s3://')) found.push({ direction, uri });
    // Models of backtests are not versions.
    else if (/artifact$/i.test(uri))
      for (const folder of ['versions', 'runs'])
        found.push({ direction, uri: `s3://${artifacts}/${folder}/${SOME}/` });
    else if (uri.endsWith('.uri')) found.push({ direction, uri: `s3://${artifacts}/runs/${SOME}/` });
    else found.push({ direction, uri: `s3://${data}/training/${SOME}/` });
  };
  if (kind === 'Training') {
    for (const { DataSource } of parameters['InputDataConfig']) add('in', DataSource.S3DataSource, 'S3Uri');
    add('out', parameters['OutputDataConfig'], 'S3OutputPath');
    if (parameters['CheckpointConfig'] !== undefined) add('both', parameters['CheckpointConfig'], 'S3Uri');
    return found;
  }
  for (const { S3Input } of parameters['ProcessingInputs']) add('in', S3Input, 'S3Uri');
  for (const { S3Output } of parameters['ProcessingOutputConfig']?.Outputs ?? [])
    add('out', S3Output, 'S3Uri');
  // A forecast writes by itself, and looks what is there already.
  const args = (parameters['AppSpecification']['ContainerArguments.$'] ?? '') as string;
  // What prices reads a set of forecasts by itself, limits where they were delivered, and decisions where they are kept.
  const set = /'--forecasts', (States\.Format\([^)]*\))/.exec(args)?.[1];
  if (set !== undefined) found.push({ direction: 'in', uri: sample(set) });
  if (args.includes("'--limits'")) found.push({ direction: 'in', uri: `s3://${data}/limits/` });
  if (args.includes("'--decisions'"))
    found.push({ direction: 'in', uri: `s3://${artifacts}/decisions/${SOME}/` });
  const format = /'--output', (States\.Format\([^)]*\))/.exec(args)?.[1];
  if (format !== undefined) found.push({ direction: 'both', uri: sample(format) });
  return found;
}

function text(holder: Record<string, any>, name: string): string {
  return (holder[name] as string | undefined) ?? sample(holder[`${name}.$`] as string);
}

/** A text that a run makes, with something for what only the run knows. */
function sample(expression: string): string {
  const parts = /^States\.Format\('([^']*)'(.*)\)$/.exec(expression);
  if (parts === null) return expression;
  const values = [...parts[2]!.matchAll(/, (?:'([^']*)'|(\$[\w.[\]]*|States\.\w+\(\)))/g)].map(
    ([, literal]) => literal ?? SOME,
  );
  return parts[1]!.replace(/\{\}/g, () => values.shift() ?? SOME);
}

function rule(name: string): Made[] {
  return ['PutTargets', 'PutRule', 'DescribeRule'].map((verb) => ({
    action: `events:${verb}`,
    resource: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`,
  }));
}

/**
 * @param key of something that is written or sent
 * @returns what its sender calls
 */
export function encrypting(key: string | null): Made[] {
  if (key === null) return [];
  return ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, resource: key }));
}
