import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { threadCount } from '../../../src/entrypoints/partitions/thread-count.ts';
import { smoothing } from '../../fixtures/smoothing-model.ts';

const trees = { ...smoothing, engines: ['lightgbm'] } as const;

describe('threadCount', () => {
  it('is one a core for pure TypeScript, and one for an engine, which has its own', () => {
    expect(threadCount(smoothing, null, 1000, '/process.ts')).toBe(availableParallelism());
    expect(threadCount(trees, null, 1000, '/process.ts')).toBe(1);
  });

  it('is what was asked for, but at most one a partition', () => {
    expect(threadCount(trees, 3, 1000, '/process.ts')).toBe(3);
    expect(threadCount(smoothing, 8, 5, '/process.ts')).toBe(5);
    expect(threadCount(smoothing, 8, 1, '/process.ts')).toBe(1);
  });

  it('is one within another program, which says so when more are asked for', () => {
    expect(threadCount(smoothing, null, 1000, undefined)).toBe(1);
    expect(threadCount(smoothing, 1, 1000, undefined)).toBe(1);
    expect(() => threadCount(smoothing, 2, 1000, undefined)).toThrow(/threads cannot be started/);
  });
});
