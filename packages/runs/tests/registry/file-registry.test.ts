import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UnsupportedError } from '@hemline/core';
import {
  APPROVAL_STATUSES,
  type ApprovalStatus,
  type ModelVersion,
} from '../../src/registry/model-version.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { newVersion } from './new-version.ts';
import { registrySuite } from './registry-suite.ts';

let folder: string;
let count = 0;
const freshRoot = (): string => join(folder, String(count++));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-registry-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

registrySuite('in a folder', () => openRegistry(freshRoot()));

/** One of several writers; killed after a while where one is given. */
function writer(root: string, name: string, count: number, killAfter?: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'register-many.ts');
  const child = spawn(process.execPath, [script, root, name, String(count)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (killAfter === undefined && code !== 0)
        reject(new Error(`writer ${name} ended with ${code}: ${errors}`));
      else resolve(text.split('\n').slice(0, -1));
    });
  });
}

describe('a registry in a folder', () => {
  it('loses no version and no decision of several processes, and doubles none', async () => {
    const root = freshRoot();
    const names = ['a', 'b', 'c', 'd'];
    const told = await Promise.all(names.map((name) => writer(root, name, 8)));
    const versions = await (await openRegistry(root)).list();
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    // The shared tokens have one version each, the same for every process.
    expect(new Set(told.flat().map((line) => (JSON.parse(line) as { shared: number }).shared)).size).toBe(8);
    expect(versions.filter(({ run }) => run === 'shared')).toHaveLength(8);
    for (const name of names) expect(versions.filter(({ run }) => run === name)).toHaveLength(8);
    // Version 1 is one that all decided about, besides being shared itself or not.
    const decisions = versions.flatMap(({ history }) => history.slice(1));
    expect(decisions).toHaveLength(names.length * 8 * 2);
    for (const name of names)
      for (let i = 0; i < 8; i++)
        expect(
          versions[0]!.history.some(({ by, reason }) => by === name && reason === String(i)),
          `decision ${i} of ${name}`,
        ).toBe(true);
  });

  it('is whole after writers were killed, and goes on', async () => {
    const root = freshRoot();
    const told = (
      await Promise.all([3, 11, 23, 47].map((delay, i) => writer(root, `k${i}`, 1000, delay)))
    ).flat();
    const registry = await openRegistry(root);
    const versions = await registry.list();
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 1));
    // What a process was told is there.
    expect(told.length).toBeGreaterThan(0);
    for (const line of told) {
      const { i, shared } = JSON.parse(line) as { i: number; shared: number };
      expect(versions[shared - 1]).toMatchObject({ run: 'shared' });
      expect(await registry.register(newVersion({ token: `shared-${i}` }))).toMatchObject({
        version: shared,
      });
    }
    expect(await registry.register(newVersion())).toMatchObject({ version: versions.length + 1 });
  });

  it('does what a list in memory would do', async () => {
    const status = fc.constantFrom<ApprovalStatus>(...APPROVAL_STATUSES);
    const action = fc.oneof(
      fc.record({ kind: fc.constant('register' as const), token: fc.integer({ min: 0, max: 6 }), status }),
      fc.record({ kind: fc.constant('decide' as const), version: fc.integer({ min: 1, max: 7 }), status }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const registry = await openRegistry(freshRoot());
        const known: { token: string; statuses: ApprovalStatus[] }[] = [];
        for (const each of actions) {
          if (each.kind === 'register') {
            const token = `t${each.token}`;
            let at = known.findIndex((version) => version.token === token);
            if (at === -1) at = known.push({ token, statuses: [each.status] }) - 1;
            expect(await registry.register(newVersion({ token, status: each.status }))).toMatchObject({
              version: at + 1,
            });
          } else if (each.version <= known.length) {
            known[each.version - 1]!.statuses.push(each.status);
            await registry.setStatus('demand-naive', each.version, {
              status: each.status,
              reason: 'r',
              by: 'b',
            });
          }
        }
        const versions = await registry.list();
        const statuses = (version: ModelVersion): ApprovalStatus[] =>
          version.history.map((each) => each.status);
        expect(versions.map(statuses)).toEqual(known.map((each) => each.statuses));
        const approved = known.findLastIndex((each) => each.statuses.at(-1) === 'approved');
        expect((await registry.latestApproved('demand-naive'))?.version ?? 0).toBe(approved + 1);
      }),
      { numRuns: 15 },
    );
  });

  it('never gives the number of a lost version to another', async () => {
    const root = freshRoot();
    const registry = await openRegistry(root);
    for (let i = 0; i < 3; i++) await registry.register(newVersion());
    await rm(join(root, 'demand-naive', '000002.json'));
    await expect(registry.register(newVersion())).rejects.toThrow(/has lost version 2 of demand-naive/);
    await expect(registry.list()).rejects.toThrow(DataError);
    await expect(registry.get('demand-naive', 2)).rejects.toThrow(/has lost version 2/);
  });

  it('never takes an earlier decision for the last', async () => {
    const root = freshRoot();
    const registry = await openRegistry(root);
    await registry.register(newVersion());
    for (const status of ['approved', 'rejected'] as const)
      await registry.setStatus('demand-naive', 1, { status, reason: 'r', by: 'b' });
    await rm(join(root, 'demand-naive', '000001.002.json'));
    await expect(registry.get('demand-naive', 1)).rejects.toThrow(/lost decision 2 about version 1/);
  });

  it('tells damage, and what a newer version wrote, from what it can read', async () => {
    const root = freshRoot();
    const registry = await openRegistry(root);
    await registry.register(newVersion());
    const file = join(root, 'demand-naive', '000001.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -20));
    await expect(registry.get('demand-naive', 1)).rejects.toThrow(/a document is damaged.*000001\.json/);
    await writeFile(file, text.replace('"cutoff": "2026-01-05"', '"cutoff": 7'));
    await expect(registry.get('demand-naive', 1)).rejects.toThrow(/damaged.*cutoff: /);
    await writeFile(file, text.replace('"schema": 1', '"schema": 2'));
    await expect(registry.get('demand-naive', 1)).rejects.toThrow(UnsupportedError);
  });

  it('removes what killed writers left long ago, and nothing else', async () => {
    const root = freshRoot();
    const registry = await openRegistry(root);
    await registry.register(newVersion());
    const names = ['.000002.json.0123456789ab.tmp', '.000003.json.0123456789ab.tmp', 'notes.tmp'];
    for (const name of names) await writeFile(join(root, 'demand-naive', name), 'half');
    const longAgo = new Date(Date.now() - 7_200_000);
    for (const name of [names[0]!, names[2]!])
      await utimes(join(root, 'demand-naive', name), longAgo, longAgo);
    await registry.register(newVersion());
    expect(await readdir(join(root, 'demand-naive'))).toEqual([
      names[1],
      '000001.json',
      '000002.json',
      'notes.tmp',
    ]);
  });

  it('refuses addresses that are none', async () => {
    await expect(openRegistry('http://models')).rejects.toThrow(/a path, file:\/\/ or sagemaker:\/\/PREFIX/);
    await expect(openRegistry('')).rejects.toThrow(/registry of this kind/);
  });
});
