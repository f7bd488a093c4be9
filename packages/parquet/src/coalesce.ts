import type { ByteRange } from './byte-source.ts';

/** A read that serves several ranges. */
export interface CoalescedRead extends ByteRange {
  /** Positions of the ranges that it serves. */
  readonly members: readonly number[];
}

/**
 * Joins ranges that lie close to each other: one longer read costs less than two.
 * @param ranges in any order
 * @param gap bytes between two ranges that may be read for nothing
 * @param most bytes of a joined read; a longer single range stays whole
 * @returns reads that cover all ranges, ascending
 */
export function coalesceRanges(ranges: readonly ByteRange[], gap: number, most: number): CoalescedRead[] {
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[a]!.start - ranges[b]!.start);
  const reads: { start: number; end: number; members: number[] }[] = [];
  for (const i of order) {
    const { start, end } = ranges[i]!;
    const last = reads.at(-1);
    if (last !== undefined && start - last.end <= gap && Math.max(end, last.end) - last.start <= most) {
      last.end = Math.max(last.end, end);
      last.members.push(i);
    } else reads.push({ start, end, members: [i] });
  }
  return reads;
}
