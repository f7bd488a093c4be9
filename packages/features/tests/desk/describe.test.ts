import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Batch, boolColumn, float64Column, int32Column, stringsToColumn } from '@hemline/core';
import { DESK_ROWS } from '../../src/desk/to-data-frame.ts';
import { describe } from '../../src/desk/describe.ts';

const staged = existsSync(
  new URL('../../../../node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', import.meta.url),
);
const skipped = staged ? '' : ' (skipped: the native TensorFlow library is not staged)';

it.skipIf(!staged)(`describes columns of numbers, missing values left out${skipped}`, () => {
  const batch = new Batch({
    demand: float64Column(Float64Array.of(1, 2, NaN, 9, 6), Uint8Array.of(0b10111)),
    units: int32Column(Int32Array.of(1, 2, 3, 4, 5)),
    one: float64Column(new Float64Array(5).fill(7), Uint8Array.of(1)),
    none: float64Column(new Float64Array(5), Uint8Array.of(0)),
    brand: stringsToColumn(['a', 'b', null, 'a', 'c']),
    promoted: boolColumn(Uint8Array.of(1, 0, 1, 0, 1)),
  });
  expect(describe(batch)).toEqual([
    { column: 'demand', count: 3, mean: 3, std: expect.closeTo(Math.sqrt(7), 5), min: 1, median: 2, max: 6 },
    { column: 'units', count: 5, mean: 3, std: expect.closeTo(Math.sqrt(2.5), 5), min: 1, median: 3, max: 5 },
    { column: 'one', count: 1, mean: 7, std: NaN, min: 7, median: 7, max: 7 },
  ]);
});

it('refuses what is too large for the desk', () => {
  const rows = DESK_ROWS + 1;
  expect(() => describe(new Batch({ x: float64Column(new Float64Array(rows)) }))).toThrow(
    /at most 100000 rows.*found 100001 rows/s,
  );
});
