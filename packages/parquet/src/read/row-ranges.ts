/** Half-open runs of rows of a row group, ascending, apart from each other. */
export type RowRanges = readonly { readonly start: number; readonly end: number }[];

/**
 * Rows that are in both.
 * @param a runs of rows
 * @param b runs of rows
 * @returns their intersection
 */
export function intersectRanges(a: RowRanges, b: RowRanges): RowRanges {
  const both: { start: number; end: number }[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const start = Math.max(a[i]!.start, b[j]!.start);
    const end = Math.min(a[i]!.end, b[j]!.end);
    if (start < end) both.push({ start, end });
    if (a[i]!.end < b[j]!.end) i++;
    else j++;
  }
  return both;
}

/**
 * Joins neighbours.
 * @param ranges ascending runs, some of which may touch
 * @returns the same rows in as few runs as possible
 */
export function joinRanges(ranges: RowRanges): RowRanges {
  const joined: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/**
 * @param ranges runs of rows
 * @returns how many rows they hold
 */
export function countRows(ranges: RowRanges): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * @param ranges runs of rows
 * @param start first row of a page
 * @param end row after its last
 * @returns whether they have a row in common
 */
export function overlaps(ranges: RowRanges, start: number, end: number): boolean {
  return ranges.some((range) => range.start < end && start < range.end);
}
