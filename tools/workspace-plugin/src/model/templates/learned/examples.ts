/** Examples to learn from, by column. */
export interface Examples {
  /** One array an input; NaN where it is not known. */
  readonly columns: readonly Float32Array[];
  /** What was observed. */
  readonly label: Float32Array;
  readonly weight: Float32Array;
  /** Score that the learner starts from. In single precision as all inputs, so that no last bit of a sum decides on a split. */
  readonly offset: Float32Array;
  /** 1 for examples that are not learnt from but tell when to stop. */
  readonly held: Uint8Array;
}

/**
 * Parts examples into those to learn from and those that tell when to stop.
 * @param examples all
 * @returns copies of both
 */
export function select(examples: Examples): { readonly training: Examples; readonly validation: Examples } {
  return { training: take(examples, rowsOf(examples, 0)), validation: take(examples, rowsOf(examples, 1)) };
}

function rowsOf({ held }: Examples, kind: number): Uint32Array {
  const rows = new Uint32Array(held.length);
  let count = 0;
  for (let row = 0; row < held.length; row++) if (held[row] === kind) rows[count++] = row;
  return rows.subarray(0, count);
}

/**
 * @param examples all
 * @param rows 0-based, in any order
 * @returns these examples
 */
export function take(examples: Examples, rows: Uint32Array): Examples {
  const floats = (values: Float32Array): Float32Array => Float32Array.from(rows, (row) => values[row]!);
  return {
    columns: examples.columns.map(floats),
    label: floats(examples.label),
    weight: floats(examples.weight),
    offset: floats(examples.offset),
    held: Uint8Array.from(rows, (row) => examples.held[row]!),
  };
}
