/**
 * The order of rows by a key of whole numbers, rows of one key in the order they had. Counting sort: O(rows + range of keys).
 * @param keys one a row
 * @param order of the rows before; as they lie by default
 * @returns row numbers, keys rising
 */
export function stableOrder(keys: Int32Array, order?: Uint32Array): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (const key of keys) {
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const starts = new Uint32Array(keys.length === 0 ? 1 : most - least + 2);
  for (const key of keys) starts[key - least + 1]!++;
  for (let at = 1; at < starts.length; at++) starts[at]! += starts[at - 1]!;
  const sorted = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const row = order === undefined ? at : order[at]!;
    sorted[starts[keys[row]! - least]!++] = row;
  }
  return sorted;
}
