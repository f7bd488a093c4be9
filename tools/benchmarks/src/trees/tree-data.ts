import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Columns; the first five hold categories. */
export const COLUMNS = 40;
export const CATEGORICAL = [0, 1, 2, 3, 4];

/** Of all contestants. */
export const PARAMETERS = {
  objective: 'cross_entropy',
  num_leaves: 63,
  learning_rate: 0.1,
  num_threads: 2,
  verbosity: -1,
} as const;

/**
 * Some rows of the data, the same for the same row numbers.
 * @param from first row
 * @param count of rows
 * @returns values row by row, one in twenty missing, and labels
 */
export function makeRows(from: number, count: number): { values: Float32Array; label: Float32Array } {
  const values = new Float32Array(count * COLUMNS);
  const label = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * COLUMNS;
    let state = (Math.imul(from + row + 1, 0x9e3779b1) ^ 0x85ebca6b) | 0;
    const next = (): number => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    for (let column = 0; column < COLUMNS; column++) {
      const isCategory = column < CATEGORICAL.length;
      const value = isCategory ? Math.floor(next() * 20 * (column + 1)) : 4 * (next() + next() + next()) - 6;
      values[at + column] = next() < 0.05 ? NaN : value;
    }
    const known = (column: number): number => (Number.isNaN(values[at + column]!) ? 0 : values[at + column]!);
    const score = known(5) + Math.sin(known(0)) - known(7) * known(8) + 0.5 * Math.abs(known(9)) - 0.5;
    label[row] = next() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  }
  return { values, label };
}

/**
 * @param folder that `make-tree-data.ts` has written
 * @returns values row by row, and labels
 */
export async function readRows(folder: string): Promise<{ values: Float32Array; label: Float32Array }> {
  const floats = async (name: string): Promise<Float32Array> => {
    const { buffer, byteOffset, byteLength } = await readFile(join(folder, name));
    return new Float32Array(buffer, byteOffset, byteLength / 4);
  };
  return { values: await floats('values.bin'), label: await floats('label.bin') };
}
