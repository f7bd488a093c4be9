/* eslint-disable @typescript-eslint/no-explicit-any -- requests are JSON of several shapes */
import { expect, it } from 'vitest';
import { statesOf, type AslMachine } from '../../src/local/definition.ts';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import { toyDeployment } from '../fixtures/toys.ts';
import { provePermissions } from './permissions/proof.ts';

it('prices on as many machines as are declared, each with all inputs, and may do what that takes', () => {
  const pricing = { compute: { instanceType: 'ml.m5.4xlarge', instances: 50 } };
  const { template } = synthesize(toyDeployment({ pricing }));
  const found = [...resolveMachines(template).values()]
    .flatMap(({ definition }) => statesOf(definition as unknown as AslMachine))
    .map(({ state }) => state['Parameters'] as Record<string, any> | undefined)
    .filter((request) => request?.['AppSpecification']?.ContainerEntrypoint?.[0] === 'optimise');
  expect(found.length).toBeGreaterThan(0);
  for (const request of found) {
    expect(request!['ProcessingResources'].ClusterConfig).toMatchObject({
      ...{ InstanceCount: 50, InstanceType: 'ml.m5.4xlarge' },
    });
    // The job picks the rows of its articles by itself.
    for (const { S3Input } of request!['ProcessingInputs'])
      expect(S3Input.S3DataDistributionType).toBe('FullyReplicated');
    expect(JSON.stringify(request!['AppSpecification'])).toContain('--output');
  }
  expect(provePermissions(template).refused).toEqual([]);
}, 240_000);
