import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_lambda as lambda } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { APP_CONTEXT } from '../../src/stack/app-context.ts';
import { HemlineStack } from '../../src/stack/hemline-stack.ts';
import { inlineDefinitions } from '../../src/stack/inline-definitions.ts';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import type { Template } from '../../src/stack/template.ts';
import { toyDeployment, toyModel } from '../fixtures/toys.ts';
import { resolveTemplate } from './permissions/resolved.ts';

/** What CloudFormation takes of a template, and Step Functions of a definition. */
const MOST_BYTES = 1_000_000;
const MODELS = 30;
/** What CloudFormation takes of resources in one stack. */
const MOST_RESOURCES = 500;
/** What IAM takes of a policy that belongs to a role, and of one that stands by itself. */
const MOST_INLINE = 10_240;
const MOST_MANAGED = 6_144;

let folder: string;
let template: Template;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-size-'));
  const names = Array.from({ length: MODELS }, (_, i) => `demand-of-many-kinds-${i}`);
  const app = new App({ outdir: folder, context: APP_CONTEXT, analyticsReporting: false });
  new HemlineStack(
    app,
    'hemline-test',
    toyDeployment({ models: names, catalog: names.map((name) => toyModel(name)) }),
    lambda.Code.fromInline('// not here'),
  );
  app.synth();
  template = JSON.parse(readFileSync(join(folder, 'hemline-test.template.json'), 'utf8')) as Template;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`a template of ${MODELS} models is within what CloudFormation takes, with room for as many again`, () => {
  expect(statSync(join(folder, 'hemline-test.template.json')).size).toBeLessThan(MOST_BYTES / 2);
  expect(Object.keys(template.Resources).length).toBeLessThan(MOST_RESOURCES / 2);
});

it('its definitions are files of the deployment, each within what Step Functions takes', () => {
  const machines = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && Properties['StateMachineType'] !== 'EXPRESS',
  );
  expect(machines).toHaveLength(4);
  for (const { Properties } of machines) {
    expect(Properties['DefinitionString']).toBeUndefined();
    const { Key } = Properties['DefinitionS3Location'] as { Key: string };
    const text = readFileSync(join(folder, `asset.${Key}`), 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
    const used = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect(used).toEqual(new Set(Object.keys(Properties['DefinitionSubstitutions'] as object)));
  }
  expect(
    readdirSync(folder).filter((name) => name.endsWith('.json') && name.startsWith('asset.')),
  ).toHaveLength(4);
  const resolved = resolveMachines(inlineDefinitions(template, folder));
  for (const { definition } of resolved.values()) expect(JSON.stringify(definition)).not.toContain('${');
  expect(JSON.stringify(resolved.get('hemline-test-training')!.definition)).toContain(
    'demand-of-many-kinds-29',
  );
});

it('its policies are within what IAM takes', () => {
  const sizes = [...resolveTemplate(template).values()]
    .filter(({ type }) => /^AWS::IAM::(Managed)?Policy$/.test(type))
    .map(({ id, type, properties }) => {
      const most = type === 'AWS::IAM::Policy' ? MOST_INLINE : MOST_MANAGED;
      return { id, share: JSON.stringify(properties['PolicyDocument']).length / most };
    });
  expect(sizes.length).toBeGreaterThan(8);
  expect(sizes.filter(({ share }) => share > 1)).toEqual([]);
});
