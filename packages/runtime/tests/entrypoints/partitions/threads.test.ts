import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { threadCount, type ThreadNeeds } from '../../../src/entrypoints/partitions/threads.ts';

const needs: ThreadNeeds = { asked: null, partitions: 1000, entry: '/process.ts', rows: null };

describe('threadCount', () => {
  it('is one a core for pure TypeScript, and one for an engine, which has its own', () => {
    expect(threadCount([], needs)).toBe(availableParallelism());
    expect(threadCount(['lightgbm'], needs)).toBe(1);
  });

  it('is what was asked for, but at most one a partition', () => {
    expect(threadCount(['lightgbm'], { ...needs, asked: 3 })).toBe(3);
    expect(threadCount([], { ...needs, asked: 8, partitions: 5 })).toBe(5);
    expect(threadCount([], { ...needs, asked: 8, partitions: 1 })).toBe(1);
  });

  it('is one where threads would take longer to start than to work, unless more are asked for', () => {
    expect(threadCount([], { ...needs, rows: 3_000_000 })).toBe(1);
    expect(threadCount([], { ...needs, rows: 10 ** 12 })).toBe(availableParallelism());
    expect(threadCount([], { ...needs, rows: 100, asked: 2 })).toBe(2);
  });

  it('is one within another program, which says so when more are asked for', () => {
    const within = { ...needs, entry: undefined };
    expect(threadCount([], within)).toBe(1);
    expect(threadCount([], { ...within, asked: 1 })).toBe(1);
    expect(() => threadCount([], { ...within, asked: 2 })).toThrow(/threads cannot be started/);
  });
});
