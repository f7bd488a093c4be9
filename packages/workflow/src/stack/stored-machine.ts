import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, aws_s3_assets as assets, aws_stepfunctions as sfn, type aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Properties of a machine, its first state in place of a definition. */
export interface StoredMachineProps extends Omit<sfn.StateMachineProps, 'definition' | 'definitionBody'> {
  readonly start: sfn.IChainable;
}

/**
 * A state machine whose definition is a file of the deployment and not a part of the template: a template has 1 MB at most, which the
 * definitions of some 25 models would fill.
 * @param scope of the construct
 * @param id of it
 * @param props with the first state
 * @returns the machine
 */
export function storedMachine(scope: Construct, id: string, props: StoredMachineProps): sfn.StateMachine {
  const { start, ...others } = props;
  const definitionBody = new StoredDefinition(start);
  const machine = new sfn.StateMachine(scope, id, { ...others, definitionBody });
  const resource = machine.node.defaultChild as sfn.CfnStateMachine;
  resource.definitionSubstitutions = definitionBody.substitutions;
  return machine;
}

/** A chain of states, rendered to a file with names for what is known only when it is deployed. */
class StoredDefinition extends sfn.ChainDefinitionBody {
  substitutions: Record<string, string> = {};

  override bind(
    scope: Construct,
    principal: iam.IPrincipal,
    props: sfn.StateMachineProps,
    graph?: sfn.StateGraph,
  ): sfn.DefinitionConfig {
    const { definitionString } = super.bind(scope, principal, props, graph);
    const { text, references } = takeApart(Stack.of(scope).resolve(definitionString));
    this.substitutions = references as Record<string, string>;
    const folder = mkdtempSync(join(tmpdir(), 'hemline-definition-'));
    try {
      const path = join(folder, 'definition.json');
      writeFileSync(path, text);
      // It is copied into the assembly at once.
      const { s3BucketName: bucket, s3ObjectKey: key } = new assets.Asset(scope, 'Definition', { path });
      return { definitionS3Location: { bucket, key } };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** References of a text become `${r0}`, `${r1}`, …: the same one always under the same name. */
function takeApart(value: unknown): { text: string; references: Record<string, unknown> } {
  const parts: unknown[] =
    typeof value === 'object' && value !== null && 'Fn::Join' in value
      ? (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
      : [value];
  const names = new Map<string, string>();
  const references: Record<string, unknown> = {};
  const text = parts
    .map((part) => {
      if (typeof part === 'string') {
        if (part.includes('${'))
          throw new TypeError('a definition holds ${, which would be taken for a reference');
        return part;
      }
      const key = JSON.stringify(part);
      const name = names.get(key) ?? `r${names.size}`;
      names.set(key, name);
      references[name] = part;
      return `\${${name}}`;
    })
    .join('');
  return { text, references };
}
