import { DataError } from '@hemline/core';
import type { BatchParts, BatchSource } from '../../src/training/batch-source.ts';

/** Parts of the batches: what is read, what is learnt, and one that nothing reads. */
export type DrawnName = 'x' | 'y' | 'rows';

/** What the batches of the tests are made of, and how they go wrong. */
export interface DrawnData {
  readonly seed: number;
  /** Numbers that batches are drawn from. */
  readonly from: Float32Array;
  /** Told the number of every batch that was made: one more than the greatest, and how many. */
  readonly made?: Int32Array;
  readonly failsAt?: number;
  readonly exitsAt?: number;
  /** Never gives this batch. */
  readonly hangsAt?: number;
}

/**
 * y = |x₁| − x₂, drawn from a list of numbers: batch n depends on seed and n alone.
 * @param data what to draw from
 * @returns the batches
 */
export default function drawnBatches(data: DrawnData): BatchSource<DrawnName> {
  return { next: (number) => draw(data, number) };
}

async function draw({ seed, from, ...data }: DrawnData, number: number): Promise<BatchParts<DrawnName>> {
  if (number === data.failsAt) throw new DataError('a batch is torn', { where: { row: number } });
  if (number === data.exitsAt) process.exit(9);
  if (number === data.hangsAt) await new Promise(() => undefined);
  if (data.made !== undefined) {
    Atomics.store(data.made, 0, Math.max(Atomics.load(data.made, 0), number + 1));
    Atomics.add(data.made, 1, 1);
  }
  let state = (number * 7919 + seed) % 2147483647;
  const index = (): number => (state = (state * 16807 + 1) % 2147483647) % from.length;
  const x = Float32Array.from({ length: 64 }, () => from[index()]!);
  const y = Float32Array.from({ length: 32 }, (_, row) => Math.abs(x[2 * row]!) - x[2 * row + 1]!);
  const rows = Int32Array.from({ length: 32 }, (_, row) => row + number);
  return {
    x: { shape: [32, 2], values: x },
    y: { shape: [32, 1], values: y },
    // A part of a larger array, and whole numbers.
    rows: { shape: [8], values: rows.subarray(8, 16) },
  };
}
