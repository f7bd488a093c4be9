import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
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
