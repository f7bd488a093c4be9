import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parameters } from '../src/parameters/parameters.ts';
import { matrix } from './golden.ts';

/** What Python makes of parameters that are given to a training, and of weights; made by `golden/values.py`. */
interface GoldenValues {
  readonly shaping: Record<string, { parameters: Parameters; text: string; value: number[] }>;
  readonly stopping: Record<string, number>;
  readonly stopped: string;
  readonly rounds: readonly string[];
  readonly three: string;
  readonly weights: Record<string, { parameters: Parameters; value: number }>;
}

export const values = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/values.json'), 'utf8'),
) as GoldenValues;

const ROWS = 300;
const rows = Array.from({ length: ROWS }, (_, row) => row);

/** The table of the recipe. */
export const x = Float64Array.from(
  rows.flatMap((row) => [
    row % 7,
    (row * 13) % 31,
    Number(row % 60 === 0),
    row % 3 === 0 ? (row % 5) + 1 : 0,
    row % 3 === 1 ? (row % 4) + 1 : 0,
  ]),
);
export const y = Float64Array.from(
  rows,
  (row) => ((row * 29) % 17) + (x[row * 5]! - 3) ** 2 + x[row * 5 + 1]! / 4,
);
export const held = y.map((value, row) => (value + y[ROWS - 1 - row]!) / 2);
export const base = {
  num_leaves: 7,
  num_threads: 1,
  verbosity: -1,
  learning_rate: 0.3,
  force_col_wise: true,
} as const;

/** @returns some rows of the table */
export const table = (from = 0, to = ROWS): ReturnType<typeof matrix> =>
  matrix(x.subarray(from * 5, to * 5), 5);
