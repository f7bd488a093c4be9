import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../../src/stack/synthesize.ts';
import type { Template } from '../../../src/stack/template.ts';
import { toyDeployment } from '../../fixtures/toys.ts';
import { ON_EVERYTHING } from '../acknowledged.ts';
import { isAllowed, type Call, type Statement } from './iam.ts';
import { COMMANDS, provePermissions } from './proof.ts';
import { ACCOUNT } from './resolved.ts';
import { callsOf } from './task-calls.ts';

let template: Template;
beforeAll(() => {
  // One of them trains on spare capacity, and so keeps checkpoints.
  const deployment = toyDeployment({ models: [{ name: 'ape', compute: { train: { spot: true } } }, 'bee'] });
  const weekly = { weekDay: 'MON', hour: '4', minute: '0' };
  ({ template } = synthesize({ ...deployment, triggers: { ...deployment.triggers, weekly } }));
}, 240_000);

const told = (calls: readonly Call[]): string[] => [
  ...new Set(calls.map(({ of, action, resource }) => `${of}: ${action} on ${resource}`)),
];

describe('what the stack calls', () => {
  it('is allowed: every task, job, alarm and rule, and the key of all that is encrypted', () => {
    const { calls, refused } = provePermissions(template);
    expect(calls.length).toBeGreaterThan(300);
    expect(told(refused)).toEqual([]);
  });

  it('would not be allowed with any action less', () => {
    const idle: string[] = [];
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type !== 'AWS::IAM::Policy' || /BucketNotifications|Notifications.*Handler/.test(id)) continue;
      const { Statement: statements } = Properties['PolicyDocument'] as { Statement: Statement[] };
      statements.forEach((statement, i) => {
        const actions = [statement.Action].flat();
        for (const action of actions) {
          if (action in ON_EVERYTHING) continue;
          const less = structuredClone(template) as Template;
          const copy = less.Resources[id]!.Properties['PolicyDocument'] as { Statement: object[] };
          copy.Statement[i] = { ...statement, Action: actions.filter((each) => each !== action) };
          if (provePermissions(less).refused.length === 0) idle.push(`${id}: ${action}`);
        }
      });
    }
    expect(idle.filter((each) => !UNPROVEN.some((pattern) => pattern.test(each)))).toEqual([]);
  }, 240_000);

  it('has a table of what each task calls, and does not guess', () => {
    expect(() =>
      callsOf(
        { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', Parameters: {} },
        { keyOf: () => null, data: 'd', artifacts: 'a' },
      ),
    ).toThrow(/ecs:runTask/);
  });

  it('knows every command that the small steps send', () => {
    const packages = fileURLToPath(new URL('../../../../', import.meta.url));
    const sent = new Set<string>();
    for (const folder of ['workflow/src/functions', 'runs/src/registry/sagemaker'])
      for (const name of readdirSync(join(packages, folder)).filter((file) => file.endsWith('.ts')))
        for (const [, command] of readFileSync(join(packages, folder, name), 'utf8').matchAll(
          /(?:new (?=\w+Command\()|\b(?=paginate))(\w+)\(/g,
        ))
          if (command !== undefined) sent.add(command);
    expect([...sent].filter((command) => !(command in COMMANDS) && !OF_PEOPLE.has(command))).toEqual([]);
    expect(sent.size).toBeGreaterThan(5);
  });
});

/** Of the registry's list of all models, which commands ask for and no small step (`StepServices.registry`). */
const OF_PEOPLE = new Set(['paginateListModelPackageGroups']);

/** What is allowed for calls that the proof does not derive. */
const UNPROVEN: readonly RegExp[] = [
  // Multipart uploads of what a job writes by itself.
  /: s3:AbortMultipartUpload$/,
  /: s3:ListBucketMultipartUploads$/,
];

describe('the evaluator', () => {
  const call: Call = { by: { role: 'r' }, action: 's3:GetObject', resource: 'arn:x/a/b', of: 'a test' };
  const judge = (statement: Partial<Statement>, more: Partial<Call> = {}): boolean =>
    isAllowed(
      { ...call, ...more },
      {
        identity: [{ Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:x/a/*', ...statement } as Statement],
        resource: null,
        resourceDecides: false,
      },
      ACCOUNT,
    );

  it('follows wildcards, conditions and denials', () => {
    expect(judge({})).toBe(true);
    expect(judge({ Action: 's3:PutObject' })).toBe(false);
    expect(judge({ Resource: 'arn:x/b/*' })).toBe(false);
    expect(judge({ Effect: 'Deny' })).toBe(false);
    const Condition = { StringEquals: { 'aws:SourceAccount': '1' } };
    expect(judge({ Condition })).toBe(false);
    expect(judge({ Condition }, { context: { 'aws:sourceaccount': '2' } })).toBe(false);
    expect(judge({ Condition }, { context: { 'aws:sourceaccount': '1' } })).toBe(true);
    expect(() => judge({ Condition: { NumericLessThan: { a: '1' } } })).toThrow(/NumericLessThan/);
  });

  it('lets a service do only what the resource says, and a key only what its own policy says', () => {
    const allow: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
    const by = { service: 'events.amazonaws.com' };
    const policies = { identity: [allow], resourceDecides: true };
    expect(isAllowed({ ...call, by }, { ...policies, resource: [] }, ACCOUNT)).toBe(false);
    const named = { ...allow, Principal: { Service: 'events.amazonaws.com' } };
    expect(isAllowed({ ...call, by }, { ...policies, resource: [named] }, ACCOUNT)).toBe(true);
    expect(isAllowed(call, { ...policies, resource: [named] }, ACCOUNT)).toBe(false);
    const root = { ...allow, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
    expect(isAllowed(call, { ...policies, resource: [root] }, ACCOUNT)).toBe(true);
  });
});
