import { Batch, columnOnDisk, dateColumn, parseDiscountGrid, stringsToColumn } from '@hemline/core';
import { expect, it } from 'vitest';
import { curvesOf, curveTable, DEMAND_CURVES, type Curves } from '../../src/demand-curves/curve-table.ts';
import { CURVE_SLOPES, CURVE_WIDTH, demandAt } from '../../src/demand-curves/demand-curve.ts';
import { demandQuantile } from '../../src/demand-curves/quantiles.ts';

const ROWS = 3;
const keys = new Batch({
  article: stringsToColumn(['A1', 'A1', 'A2']),
  market: stringsToColumn(['DE', 'FR', 'DE']),
  week: dateColumn(Int32Array.of(20_000, 20_007, 20_000)),
});
const numbers: Curves = {
  curves: Float64Array.from({ length: ROWS * CURVE_WIDTH }, (_, i) => {
    const [row, at] = [Math.floor(i / CURVE_WIDTH), i % CURVE_WIDTH];
    if (at === 0) return Math.log(3 + row);
    if (at === 1) return 0.1 * (row - 1);
    return Math.fround(Math.abs(Math.sin(i)));
  }),
  dispersion: Float64Array.of(0.3, 0.7, 1e-3),
  support: Float64Array.of(26, 0, 4),
};
const table = curveTable(keys, numbers);

it('has the declared columns, and gives back what went in, as it lies on disk too', () => {
  expect(table.names).toEqual(DEMAND_CURVES.output.fields.map(({ name }) => name));
  expect(table.names).toHaveLength(5 + CURVE_SLOPES + 2);
  expect(curvesOf(table)).toEqual(numbers);
  const onDisk = new Batch(new Map([...table.columns].map(([name, column]) => [columnOnDisk(name), column])));
  expect(onDisk.has('price_slope1')).toBe(true);
  expect(curvesOf(onDisk)).toEqual(numbers);
});

it('names what it lacks', () => {
  expect(() => curvesOf(table.select(['article', 'level', 'position']))).toThrow(/price_?[sS]lope1/);
});

it('evaluates to demand and quantiles, curve after curve, discounts rising', () => {
  const discounts = parseDiscountGrid('0:0.6:0.3');
  const grid = DEMAND_CURVES.evaluate(table, discounts);
  expect(grid.length).toBe(ROWS * 3);
  const article = grid.strings('article');
  expect(Array.from(article.values, (code) => article.dictionary[code])).toEqual([
    ...Array.from({ length: 6 }, () => 'A1'),
    ...Array.from({ length: 3 }, () => 'A2'),
  ]);
  for (let row = 0; row < grid.length; row++) {
    const [curve, discount] = [Math.floor(row / 3), discounts[row % 3]!];
    const demand = demandAt(numbers.curves, curve * CURVE_WIDTH, discount);
    expect(grid.floats('discount')[row]).toBe(discount);
    expect(grid.floats('demand')[row]).toBe(demand);
    expect(grid.floats('demandHigh')[row]).toBe(demandQuantile(demand, numbers.dispersion[curve]!, 0.9));
    expect(grid.weeks('week')[row]).toBe(keys.weeks('week')[curve]);
    expect(grid.floats('support')[row]).toBe(numbers.support[curve]);
  }
});
