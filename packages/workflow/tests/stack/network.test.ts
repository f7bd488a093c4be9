/* eslint-disable @typescript-eslint/no-explicit-any -- requests are JSON of two shapes */
import { beforeAll, describe, expect, it } from 'vitest';
import { statesOf, type AslMachine } from '../../src/local/definition.ts';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import type { Template } from '../../src/stack/template.ts';
import { toyDeployment } from '../fixtures/toys.ts';
import { provePermissions } from './permissions/proof.ts';

const NETWORK = { subnets: ['subnet-0a1', 'subnet-0b2'], securityGroups: ['sg-0c3'] };
const VPC = { Subnets: NETWORK.subnets, SecurityGroupIds: NETWORK.securityGroups };

let template: Template;
beforeAll(() => {
  template = synthesize({ ...toyDeployment(), network: NETWORK }).template;
}, 240_000);

/** Requests of all jobs, by kind. */
function requests(of: Template): { kind: string; vpc: unknown; isolated: boolean }[] {
  return [...resolveMachines(of).values()]
    .flatMap(({ definition }) => statesOf(definition as unknown as AslMachine))
    .flatMap(({ state }) => {
      const request = state['Parameters'] as Record<string, any> | undefined;
      if (!/sagemaker:create/.test(state.Resource ?? '') || request === undefined) return [];
      const network = request['NetworkConfig'] ?? request;
      const text = JSON.stringify(request['AppSpecification'] ?? {});
      const kind = /'--step', '(\w+)'/.exec(text)?.[1] ?? /\["(check|optimise)"\]/.exec(text)?.[1] ?? 'train';
      return [{ kind, vpc: network.VpcConfig, isolated: network.EnableNetworkIsolation === true }];
    });
}

describe('a deployment with a network of its own', () => {
  it('runs every job in it, without any network from within the container where it needs none', () => {
    const found = requests(template);
    expect(found.length).toBeGreaterThan(12);
    for (const { kind, vpc, isolated } of found) {
      expect(vpc, kind).toEqual(VPC);
      // Forecasts are written to S3 by the job itself, as they are made, and what prices reads them there.
      expect(isolated, kind).toBe(kind !== 'forecast' && kind !== 'optimise');
    }
    expect(new Set(found.map(({ kind }) => kind))).toEqual(
      new Set(['check', 'train', 'evaluate', 'forecast', 'optimise']),
    );
  });

  it('lets its jobs have interfaces there, and in no other', () => {
    const { refused } = provePermissions(template);
    expect(refused.map(({ of, action, resource }) => `${of}: ${action} on ${resource}`)).toEqual([]);
    const elsewhere = structuredClone(template) as Template;
    const moved = JSON.parse(
      JSON.stringify(elsewhere).replaceAll('subnet/subnet-0a1', 'subnet/subnet-9'),
    ) as Template;
    const actions = provePermissions(moved).refused.map(({ action }) => action);
    expect(new Set(actions)).toEqual(new Set(['ec2:CreateNetworkInterface']));
  });
});

it('a deployment without one says nothing of a network, and allows nothing of it', () => {
  const plain = synthesize(toyDeployment()).template;
  for (const { kind, vpc } of requests(plain)) expect(vpc, kind).toBeUndefined();
  expect(JSON.stringify(plain)).not.toContain('ec2:');
}, 240_000);

it('a network that there cannot be is refused before it is deployed', () => {
  const network = { subnets: ['net-1'], securityGroups: [] };
  expect(() => synthesize({ ...toyDeployment(), network })).toThrow(
    /subnets: expected 1 to 16 of the form subnet-….*net-1.*security groups: expected 1 to 5/s,
  );
}, 240_000);
