/**
 * Moves dense values to the rows that hold them, in place and from the end. Rows without a value become 0.
 * @param values of the column
 * @param step elements a value, 1 or 2
 * @param row first row of the page; its dense values begin there
 * @param count rows of the page
 * @param present how many of them hold a value
 * @param validity of the column
 */
export function spread(
  values: Int32Array | Uint8Array,
  step: number,
  row: number,
  count: number,
  present: number,
  validity: Uint8Array,
): void {
  if (values instanceof Uint8Array) spreadBytes(values, row, count, present, validity);
  else if (step === 1) spreadWords(values, row, count, present, validity);
  else spreadPairs(values, row, count, present, validity);
}

function spreadBytes(
  values: Uint8Array,
  row: number,
  count: number,
  present: number,
  validity: Uint8Array,
): void {
  let from = row + present - 1;
  for (let to = row + count - 1; to >= row; to--)
    values[to] = ((validity[to >> 3]! >> (to & 7)) & 1) === 1 ? values[from--]! : 0;
}

function spreadWords(
  values: Int32Array,
  row: number,
  count: number,
  present: number,
  validity: Uint8Array,
): void {
  let from = row + present - 1;
  for (let to = row + count - 1; to >= row; to--)
    values[to] = ((validity[to >> 3]! >> (to & 7)) & 1) === 1 ? values[from--]! : 0;
}

function spreadPairs(
  values: Int32Array,
  row: number,
  count: number,
  present: number,
  validity: Uint8Array,
): void {
  let from = 2 * (row + present - 1);
  for (let to = row + count - 1; to >= row; to--) {
    const isPresent = ((validity[to >> 3]! >> (to & 7)) & 1) === 1;
    values[2 * to] = isPresent ? values[from]! : 0;
    values[2 * to + 1] = isPresent ? values[from + 1]! : 0;
    if (isPresent) from -= 2;
  }
}
