import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, StoreError } from '@hemline/core';
import { openSource, openStore } from '../src/open-store.ts';
import { patterned, storeSuite } from './store-suite.ts';

let root: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hemline-stores-'));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

storeSuite('file:', () => openStore(join(root, String(count++))));

describe('a folder as a store', () => {
  it('has an address that opens it again', async () => {
    const store = await openStore(join(root, 'with space'));
    await store.write('a', 'x');
    expect(store.url).toMatch(/^file:\/\/.*with%20space$/);
    expect(Buffer.from((await (await openStore(store.url)).read('a'))!).toString()).toBe('x');
  });

  it('refuses keys that leave it', async () => {
    const store = await openStore(join(root, 'inside'));
    for (const key of ['../outside', '/etc/x', 'a/../../b', '']) {
      const writing = (async () => store.write(key, 'x'))();
      await expect(writing).rejects.toThrow(ConfigurationError);
    }
    expect(await readdir(root)).not.toContain('outside');
  });

  it('clears what a killed process left at once, and what a living one writes never', async () => {
    const place = join(root, 'owned');
    const store = await openStore(place);
    await store.write('part/done', 'x');
    const writer = await store.create('part/undone');
    await writer.write(patterned(1000));
    await killedWriter(place, 'part/killed');
    const unfinished = async (): Promise<string[]> =>
      (await readdir(join(place, 'part'))).filter((name) => name.endsWith('.tmp'));
    expect(await unfinished()).toHaveLength(2);
    await store.clean('part/done', 0);
    expect(await unfinished()).toHaveLength(2);
    await store.clean('part/killed');
    expect(await unfinished()).toEqual([expect.stringMatching(/^\.undone\./)]);
    await store.clean('part', 0);
    await writer.commit();
    expect((await readdir(join(place, 'part'))).sort()).toEqual(['done', 'undone']);
  });

  it('clears what nobody knows the writer of when it is a day old', async () => {
    const place = join(root, 'unowned');
    const store = await openStore(place);
    await store.write('done', 'x');
    const left = ['.a.0123456789ab.tmp', '.a.00000000-1-1.0123456789ab.tmp'];
    for (const name of left) await writeFile(join(place, name), 'half');
    await store.clean();
    expect(await readdir(place)).toHaveLength(3);
    for (const name of left) await utimes(join(place, name), new Date(), Date.now() / 1000 - 25 * 3600);
    await store.clean();
    expect(await readdir(place)).toEqual(['done']);
  });

  it('tells when a file is cut short while it is read', async () => {
    const path = join(root, 'short');
    await writeFile(path, patterned(1000));
    const source = await openSource(path);
    await truncate(path, 500);
    await expect(source.read({ start: 400, end: 600 })).rejects.toThrow(StoreError);
    await source.close();
    await source.close();
  });

  it('refuses other schemes', async () => {
    await expect(openStore('gs://bucket/x')).rejects.toThrow(/a place of this kind.*gs:\/\/bucket/);
  });
});

/** A process that is killed while it writes an object. */
async function killedWriter(place: string, key: string): Promise<void> {
  const store = new URL('../src/open-store.ts', import.meta.url).href;
  const program = `const { openStore } = await import(${JSON.stringify(store)});
    const writer = await (await openStore(${JSON.stringify(place)})).create(${JSON.stringify(key)});
    await writer.write(new Uint8Array(10));
    console.log('written');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}
