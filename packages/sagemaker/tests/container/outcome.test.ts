import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToBytes, leaveReason } from '../../src/container/outcome.ts';

describe('cutToBytes', () => {
  it('gives the longest whole characters that fit, an ellipsis included', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ß', '漢', '🧥', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 80 }), (whole, limit) => {
        const bytes = Buffer.byteLength(whole);
        const cut = cutToBytes(whole, limit);
        if (bytes <= limit) {
          expect(cut).toBe(whole);
          return;
        }
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(Buffer.byteLength(cut)).toBeGreaterThan(limit - 4);
        expect(cut.endsWith('…')).toBe(true);
        // No half character: what is left is a beginning of the text.
        expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe('leaveReason', () => {
  it('keeps an earlier reason, which is nearer to the cause, and at most 1,024 bytes', async () => {
    const root = await mkdtemp(join(tmpdir(), 'hemline-root-'));
    const path = join(root, 'output', 'failure');
    await leaveReason(path, `first ${'ü'.repeat(2000)}`);
    await leaveReason(path, 'second');
    const bytes = await readFile(path);
    expect(bytes.length).toBeLessThanOrEqual(1024);
    expect(bytes.length).toBeGreaterThan(1020);
    expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toMatch(/^first ü+…$/);
    await rm(root, { recursive: true });
  });
});
