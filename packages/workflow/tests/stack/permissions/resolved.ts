import type { Template } from '../../../src/stack/template.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- a template is JSON of many shapes */

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A resource as it would be in an account: references are names and ARNs. */
export interface Resolved {
  readonly id: string;
  readonly type: string;
  readonly arn: string;
  readonly properties: Record<string, any>;
}

/** What an ARN looks like; a type that is not here cannot be asked about. */
const ARNS: Readonly<Record<string, (id: string, properties: Record<string, any>) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::KMS::Key': (id) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:${REGION}:${ACCOUNT}:${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${id}`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${id}`,
  'AWS::Logs::LogGroup': (_, { LogGroupName }) =>
    `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LogGroupName as string}:*`,
  'AWS::StepFunctions::StateMachine': (_, { StateMachineName }) =>
    `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${StateMachineName as string}`,
  'AWS::Events::Rule': (_, { Name }) => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${Name as string}`,
  'AWS::CloudWatch::Alarm': (_, { AlarmName }) =>
    `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${AlarmName as string}`,
};

/** Types whose Ref is their ARN; of all others it is the name. */
const REF_IS_ARN = new Set(['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine']);

/**
 * @param template as synthesized
 * @returns its resources by logical id, with names and ARNs for references
 */
export function resolveTemplate(template: Template): Map<string, Resolved> {
  const arnOf = (id: string): string => {
    const { Type = '', Properties = {} } = template.Resources[id] ?? {};
    return ARNS[Type]?.(id, Properties) ?? `<${id}>`;
  };
  const walk = (value: any): any => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    if (typeof value.Ref === 'string')
      return (
        PSEUDO[value.Ref] ??
        (REF_IS_ARN.has(template.Resources[value.Ref]?.Type ?? '')
          ? arnOf(value.Ref)
          : (value.Ref as string).toLowerCase())
      );
    if (value['Fn::GetAtt'] !== undefined) {
      const [id, attribute] = value['Fn::GetAtt'] as [string, string];
      if (attribute === 'Arn' || attribute === 'TopicArn') return arnOf(id);
      return attribute.endsWith('Name') ? id : `<${id}.${attribute}>`;
    }
    if (value['Fn::Join'] !== undefined) {
      const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
      return parts.map(walk).join(separator);
    }
    if (value['Fn::Select'] !== undefined) {
      const [index, of] = value['Fn::Select'] as [number, unknown];
      return (walk(of) as string[])[index];
    }
    if (value['Fn::Split'] !== undefined) {
      const [separator, of] = value['Fn::Split'] as [string, unknown];
      return (walk(of) as string).split(separator);
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)]));
  };
  return new Map(
    Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => [
      id,
      { id, type: Type, arn: arnOf(id), properties: walk(Properties) as Record<string, any> },
    ]),
  );
}
