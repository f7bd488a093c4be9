import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Batch } from '@hemline/core';
import { simulateMarket } from '../src/simulate-market.ts';

/** Rows that each file's writer has been handed, by the file's name. */
const taken = vi.hoisted(() => new Map<string, number>());

/** A writer that keeps nothing and is slower than the simulation. */
vi.mock('@hemline/stores', () => ({
  async writeParquetFile(path: string, batches: AsyncIterable<Batch>) {
    let rows = 0;
    for await (const batch of batches) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      rows += batch.length;
      taken.set(basename(path), rows);
    }
    return { path, rows, bytes: 0, sha256: '' };
  },
}));

const scratch = mkdtempSync(join(tmpdir(), 'market-memory-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('memory', () => {
  it('holds one row group of a table at most after each block, however many articles there are', async () => {
    const rowGroupRows = 2100;
    const backlog: number[] = [];
    await simulateMarket({
      out: join(scratch, 'market'),
      articles: 7000,
      markets: 1,
      weeks: 13,
      planWeeks: 0,
      rowGroupRows,
      // Articles and costs have a row per series, so what has been simulated is known.
      onProgress: ({ done }) => {
        for (const file of ['articles.parquet', 'costs.parquet']) backlog.push(done - (taken.get(file) ?? 0));
      },
    });
    expect(backlog.length).toBeGreaterThan(200);
    expect(Math.max(...backlog)).toBeLessThanOrEqual(rowGroupRows);
    expect(taken.get('articles.parquet')).toBe(7000);
  });
});
