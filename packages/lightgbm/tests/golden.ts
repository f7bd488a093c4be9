import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateLibrary } from '../src/library/locate-library.ts';
import type { Matrix } from '../src/dataset/numeric-table.ts';
import type { Parameters } from '../src/parameters/parameters.ts';

/** One model of Python's LightGBM; made by `golden/make.py`. */
export interface GoldenCase {
  readonly parameters: Parameters;
  readonly y: Float64Array;
  readonly yv: Float64Array;
  readonly text: string;
  readonly value: Float64Array;
  readonly raw: Float64Array;
  readonly leaf: Float64Array;
  readonly contribution: Float64Array;
  readonly gain: Float64Array;
  readonly history: Record<string, Record<string, number[]>>;
}

interface Stopping {
  readonly parameters: Parameters;
  readonly y: Float64Array;
  readonly yv: Float64Array;
  readonly bestIteration: number;
  readonly text: string;
  readonly first: string;
  readonly more: string;
}

interface Golden {
  readonly x: Float64Array;
  readonly xv: Float64Array;
  readonly weight: Float64Array;
  readonly cases: Record<string, GoldenCase>;
  readonly stopping: Stopping;
}

const ARRAYS = ['x', 'xv', 'weight', 'y', 'yv', 'value', 'raw', 'leaf', 'contribution', 'gain'];

/** Lists of numbers become typed arrays; null is NaN. */
const revive = (key: string, value: unknown): unknown =>
  ARRAYS.includes(key) ? Float64Array.from(value as (number | null)[], (one) => one ?? NaN) : value;

export const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/models.json'), 'utf8'),
  revive,
) as Golden;

export const COLUMNS = 6;

/** @returns an array of rows of six values as a matrix */
export function matrix(values: Float32Array | Float64Array, columns = COLUMNS): Matrix {
  return { values, rows: values.length / columns, columns, layout: 'row' };
}

export const training = matrix(golden.x);
export const validation = matrix(golden.xv);
export const CATEGORICAL = [0, 1];

/** Why tests that need the library are skipped, or null. */
export const missingLibrary = ((): string | null => {
  try {
    locateLibrary();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
})();

/** Trained models are the golden ones to the last digit on the processors that those were made on. */
export const isExact = process.arch === 'x64';
