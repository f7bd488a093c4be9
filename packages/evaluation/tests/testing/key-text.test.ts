import { Batch, float64Column } from '@hemline/core';
import { expect, it } from 'vitest';
import { keyText } from '../../src/testing/conformance/compare.ts';

it('a forecast is known by the level that its discount is meant to be', () => {
  const discount = float64Column(Float64Array.of(0.2, 1 - 7.96 / 9.95, 0, 1 - (3 * 0.1) / 0.3));
  const rows = new Batch({ discount });
  expect([0, 1, 2, 3].map((row) => keyText(rows, ['discount'], row))).toEqual([
    'discount 0.200000',
    'discount 0.200000',
    'discount 0.000000',
    'discount 0.000000',
  ]);
});
