import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '@hemline/sagemaker';
import { verifyManifest } from '@hemline/stores';
import { run, start } from '../fixtures/fabricate-root.ts';
import {
  SMALL_FORECAST,
  contentOf,
  unrulyInputs,
  unrulyRoot,
  untilCommitted,
} from '../fixtures/unruly-root.ts';
import { S3Server } from '@hemline/stores/testing';

const MARKETS = ['AT', 'DE', 'FR', 'IT', 'PL'];
const HOSTS = ['algo-1', 'algo-2'];

let inputs: string;
/** What one start leaves. */
let reference: Record<string, string>;
beforeAll(async () => {
  inputs = await unrulyInputs(MARKETS);
  const output = join(inputs, 'reference');
  const { code, stderr } = await run('unruly-process.ts', await unrulyRoot(inputs), argvOf(output));
  expect(code, stderr).toBe(0);
  reference = await contentOf(output);
});
afterAll(() => rm(inputs, { recursive: true, force: true }));

const argvOf = (output: string): string[] => [...SMALL_FORECAST, '--threads', '2', '--output', output];
const dataOf = (content: Record<string, string>): [string, string][] =>
  Object.entries(content).filter(([name]) => name.endsWith('.parquet'));

describe.concurrent('an output given by --output', () => {
  it('is shared by the hosts of a job', async ({ expect }) => {
    const output = join(inputs, 'hosts');
    const roots = await Promise.all(HOSTS.map((host) => unrulyRoot(inputs, { host, hosts: HOSTS })));
    const ends = await Promise.all(roots.map((root) => run('unruly-process.ts', root, argvOf(output))));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect((await verifyManifest(output)).files).toHaveLength(MARKETS.length);
    expect(dataOf(await contentOf(output))).toEqual(dataOf(reference));
    // Fewer hosts go on with it.
    expect((await run('unruly-process.ts', roots[0]!, argvOf(output))).code).toBe(0);
    expect((await run('unruly-process.ts', await unrulyRoot(inputs), argvOf(output))).code).toBe(0);
    expect(await contentOf(output)).toEqual(reference);
  });

  it('has every row once when two starts of a job race', async ({ expect }) => {
    const output = join(inputs, 'race');
    const roots = await Promise.all([unrulyRoot(inputs), unrulyRoot(inputs)]);
    const ends = await Promise.all(roots.map((root) => run('unruly-process.ts', root, argvOf(output))));
    for (const { code, stderr } of ends) expect(code, stderr).toBe(EXIT_CODES.ok);
    expect((await run('unruly-process.ts', roots[0]!, argvOf(output))).code).toBe(0);
    expect(await contentOf(output)).toEqual(reference);
  });

  it('may be in S3: a job that is killed ends with the same objects, and no upload is left', async ({
    expect,
  }) => {
    const server = new S3Server();
    const environment = {
      AWS_ENDPOINT_URL_S3: await server.listen(),
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const argv = argvOf('s3://bucket/weekly/forecasts');
    try {
      const root = await unrulyRoot(inputs);
      const { child, ended } = start('unruly-process.ts', root, argv, environment);
      await untilCommitted(child, 1);
      child.kill('SIGKILL');
      expect((await ended).code).toBeNull();
      const committed = [...server.objects].filter(([name]) => name.endsWith('.parquet'));
      expect(committed.length).toBeGreaterThan(0);
      const { code, stderr } = await run('unruly-process.ts', root, argv, environment);
      expect(code, stderr).toBe(0);
      // The very objects: the restart left them alone.
      for (const [name, object] of committed) expect(server.objects.get(name)).toBe(object);
      const prefix = 'bucket/weekly/forecasts/';
      const found = [...server.objects].map(([name, { body }]): [string, string] => [
        name.slice(prefix.length),
        createHash('sha256').update(body).digest('hex'),
      ]);
      expect(Object.fromEntries(found)).toEqual(reference);
      expect(server.uploads.size).toBe(0);
    } finally {
      await server.close();
    }
  });
});
