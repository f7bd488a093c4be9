import { ConfigurationError } from '@hemline/core';
import type { Template } from './template.ts';

/** What references of a template become on this machine. */
export interface References {
  /** `AWS::Region`, `AWS::Partition`, … */
  readonly pseudo: Readonly<Record<string, string>>;
  /** @param logicalId of a resource. @param attribute of `Fn::GetAtt`; null for `Ref` */
  resource(logicalId: string, attribute: string | null): string;
}

/** A state machine of a template, its references resolved. */
export interface ResolvedMachine {
  readonly name: string;
  readonly logicalId: string;
  readonly definition: Record<string, unknown>;
}

/** References to what is on no machine but AWS's: they only have to be told apart. */
const LOCAL_REFERENCES: References = {
  pseudo: {
    'AWS::Partition': 'aws',
    'AWS::Region': 'local',
    'AWS::AccountId': '000000000000',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'local',
  },
  resource: (logicalId, attribute) =>
    attribute === 'Arn' || attribute === null ? logicalId : `${logicalId}.${attribute}`,
};

/**
 * Reads the workflows' state machines out of a template (express ones watch over them, and are of AWS alone): their definitions are texts with references in between.
 * @param template as synthesized
 * @param references what references become
 * @returns by name of the state machine
 * @throws ConfigurationError when a definition holds something that cannot be resolved
 */
export function resolveMachines(
  template: Template,
  references: References = LOCAL_REFERENCES,
): Map<string, ResolvedMachine> {
  const machines = new Map<string, ResolvedMachine>();
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine' || Properties['StateMachineType'] === 'EXPRESS') continue;
    const name = resolveText(Properties['StateMachineName'], references, logicalId);
    const text = resolveText(Properties['DefinitionString'], references, logicalId);
    machines.set(name, { name, logicalId, definition: JSON.parse(text) as Record<string, unknown> });
  }
  return machines;
}

function resolveText(value: unknown, references: References, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    const node = value as Record<string, unknown>;
    if (Array.isArray(node['Fn::Join'])) {
      const [separator, parts] = node['Fn::Join'] as [string, unknown[]];
      return parts.map((part) => resolveText(part, references, where)).join(separator);
    }
    if (typeof node['Ref'] === 'string')
      return references.pseudo[node['Ref']] ?? references.resource(node['Ref'], null);
    if (Array.isArray(node['Fn::GetAtt'])) {
      const [logicalId, attribute] = node['Fn::GetAtt'] as [string, string];
      return references.resource(logicalId, attribute);
    }
  }
  throw new ConfigurationError('a state machine holds something that only AWS can resolve', {
    expected: 'text, Ref, Fn::GetAtt and Fn::Join',
    found: JSON.stringify(value)?.slice(0, 200) ?? 'nothing',
    where: { file: where },
  });
}
