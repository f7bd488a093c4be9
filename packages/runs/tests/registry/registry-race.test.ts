import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { newVersion } from './new-version.ts';

/** What another process does right after a folder or a document was looked at; once. */
const meanwhile = vi.hoisted(() => ({
  afterListing: null as (() => Promise<unknown>) | null,
  afterMiss: null as (() => Promise<unknown>) | null,
}));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const once = async (when: keyof typeof meanwhile): Promise<void> => {
    const act = meanwhile[when];
    meanwhile[when] = null;
    await act?.();
  };
  return {
    ...fs,
    readdir: async (folder: string) => {
      const names = await fs.readdir(folder);
      await once('afterListing');
      return names;
    },
    readFile: async (path: string, encoding: 'utf8') => {
      try {
        return await fs.readFile(path, encoding);
      } catch (error) {
        await once('afterMiss');
        throw error;
      }
    },
  };
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hemline-registry-race-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe.each(['afterListing', 'afterMiss'] as const)('another process writes %s', (when) => {
  it('decisions: none is taken for lost', async () => {
    const registry = await openRegistry(root);
    const other = await openRegistry(root);
    await registry.register(newVersion());
    const decide = (reason: string) =>
      other.setStatus('demand-naive', 1, { status: 'approved', reason, by: 'other' });
    meanwhile[when] = async () => {
      await decide('first');
      await decide('second');
    };
    const { history } = await registry.get('demand-naive', 1);
    expect([1, 3]).toContain(history.length);
    expect(meanwhile[when]).toBeNull();
    expect((await registry.get('demand-naive', 1)).history.map(({ reason }) => reason).slice(1)).toEqual([
      'first',
      'second',
    ]);
  });

  it('versions: none is taken for lost', async () => {
    const registry = await openRegistry(root);
    const other = await openRegistry(root);
    await registry.register(newVersion());
    meanwhile[when] = async () => {
      await other.register(newVersion());
      await other.register(newVersion());
    };
    expect(await registry.register(newVersion())).toMatchObject({ version: 4 });
    expect((await registry.list()).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });
});
