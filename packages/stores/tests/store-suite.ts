import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConflictError } from '@hemline/core';
import type { Store } from '../src/store.ts';

/** Bytes that tell their place, so that a shifted range shows. */
export function patterned(length: number): Uint8Array {
  const words = new Uint32Array((length + 3) >> 2);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e3779b1);
  return new Uint8Array(words.buffer, 0, length);
}

/** @param store to be listed */
export async function keysOf(store: Store, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/**
 * What every store has to do.
 * @param name of the kind
 * @param fresh an empty store
 */
export function storeSuite(name: string, fresh: () => Promise<Store>): void {
  describe(`a store of the kind ${name}`, () => {
    it('gives back what was written', async () => {
      const store = await fresh();
      const bytes = patterned(100_003);
      const written = await store.write('a/b=c d/é.bin', bytes);
      expect(written).toMatchObject({ key: 'a/b=c d/é.bin', bytes: 100_003 });
      expect(written.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(Buffer.compare((await store.read('a/b=c d/é.bin'))!, bytes)).toBe(0);
      const stat = await store.stat('a/b=c d/é.bin');
      expect(stat).toEqual({ key: written.key, bytes: written.bytes, version: written.version });
    });

    it('knows nothing of what is not there', async () => {
      const store = await fresh();
      expect(await store.stat('none')).toBeNull();
      expect(await store.read('none')).toBeNull();
      expect(await keysOf(store)).toEqual([]);
      await expect(store.open('none')).rejects.toThrow(/there is no such/);
      await store.remove('none');
    });

    it('keeps an empty object', async () => {
      const store = await fresh();
      await store.write('empty', '');
      expect((await store.read('empty'))!.length).toBe(0);
    });

    it('lists by prefix, in order, in whole parts of keys', async () => {
      const store = await fresh();
      for (const key of ['b/2', 'b/1', 'bc/1', 'a', 'b/c/3']) await store.write(key, key);
      expect(await keysOf(store)).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'bc/1']);
      expect(await keysOf(store, 'b')).toEqual(['b/1', 'b/2', 'b/c/3']);
      await store.remove('b/1');
      expect(await keysOf(store, 'b')).toEqual(['b/2', 'b/c/3']);
    });

    it('reads ranges, near and far, in any order', async () => {
      const store = await fresh();
      const bytes = patterned(3_000_000);
      await store.write('ranges', bytes);
      const source = await store.open('ranges');
      expect(source.size).toBe(bytes.length);
      const ranges = [
        { start: 2_999_990, end: 3_000_000 },
        { start: 0, end: 4 },
        { start: 10, end: 70_000 },
        { start: 60_000, end: 60_001 },
        { start: 1_500_000, end: 1_500_000 + 900_000 },
      ];
      const parts = await source.readMany(ranges);
      parts.forEach((part, i) => {
        expect(Buffer.compare(part, bytes.subarray(ranges[i]!.start, ranges[i]!.end))).toBe(0);
      });
      expect(Buffer.compare(await source.read({ start: 5, end: 9 }), bytes.subarray(5, 9))).toBe(0);
      await source.close();
    });

    it('shows nothing before a commit, and nothing after an abort', async () => {
      const store = await fresh();
      const writer = await store.create('late');
      await writer.write(patterned(1000));
      expect(await store.stat('late')).toBeNull();
      expect(await keysOf(store)).toEqual([]);
      await writer.abort();
      await writer.abort();
      expect(await keysOf(store)).toEqual([]);
    });

    it('takes large objects piece by piece', async () => {
      const store = await fresh();
      const bytes = patterned(21_000_000);
      const writer = await store.create('large');
      const piece = new Uint8Array(1_000_000);
      for (let start = 0; start < bytes.length; start += piece.length) {
        // The same buffer each time: the writer must not rely on it.
        piece.set(bytes.subarray(start, start + piece.length));
        await writer.write(piece);
      }
      const written = await writer.commit();
      expect(written.bytes).toBe(bytes.length);
      expect(written.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(Buffer.compare((await store.read('large'))!, bytes)).toBe(0);
    });

    it('replaces an object at once', async () => {
      const store = await fresh();
      const first = await store.write('x', 'one');
      const second = await store.write('x', 'other');
      expect(second.version).not.toBe(first.version);
      expect(Buffer.from((await store.read('x'))!).toString()).toBe('other');
    });

    it.each([10, 9_000_000])('lets one of several writers create an object: %i bytes', async (bytes) => {
      const store = await fresh();
      const attempts = Array.from({ length: 4 }, async (_, i) => {
        const writer = await store.create('once', { ifAbsent: true });
        await writer.write(patterned(bytes + i));
        return writer.commit().catch(async (error: unknown) => {
          await writer.abort();
          throw error;
        });
      });
      const results = await Promise.allSettled(attempts);
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const losers = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as Error] : [],
      );
      expect(winners.length).toBe(1);
      for (const error of losers) expect(error).toBeInstanceOf(ConflictError);
      expect((await store.stat('once'))!.bytes).toBe(winners[0]!.bytes);
      await store.write('once', 'without a condition');
    });
  });
}
