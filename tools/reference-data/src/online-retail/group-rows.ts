/** Rows sorted by key. */
export interface GroupedRows {
  /** Rows, those of one group next to each other, in their own order. */
  readonly order: Uint32Array;
  /** Where each group starts in `order`; one entry more than groups, the last is `order.length`. */
  readonly starts: Uint32Array;
}

/**
 * Brings rows of one key together, groups in ascending order of their keys. O(n log n).
 * @param rows to group
 * @param keys a number for each row, by row number
 * @returns the groups
 */
export function groupRows(rows: Uint32Array, keys: Float64Array): GroupedRows {
  const order = rows.slice().sort((a, b) => keys[a]! - keys[b]! || a - b);
  const starts = new Uint32Array(order.length + 1);
  let groups = 0;
  for (let i = 0; i < order.length; i++)
    if (i === 0 || keys[order[i]!] !== keys[order[i - 1]!]) starts[groups++] = i;
  starts[groups] = order.length;
  return { order, starts: starts.subarray(0, groups + 1) };
}
