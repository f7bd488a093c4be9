import { Batch, columnOnDisk, dateColumn, parseDiscountGrid, stringsToColumn } from '@hemline/core';
import { demandBetweenKnots, KNOTS, QUANTILES, setKnots } from '@hemline/features';
import { expect, it } from 'vitest';
import { knotCurvesOf, knotTable, TREE_CURVES } from '../src/curve-table.ts';

const keys = new Batch({
  article: stringsToColumn(['A1', 'A2']),
  market: stringsToColumn(['DE', 'DE']),
  week: dateColumn(Int32Array.of(20_000, 20_007)),
});
const curves = {
  logs: new Float32Array(2 * KNOTS.length),
  ratios: Float32Array.of(0.3, 0.9, 1.8, 0, 0.5, 2.5),
  support: Float64Array.of(26, 0),
};
// A constant elasticity of −2, and nothing but rounding below a discount of 30 %.
setKnots((knot) => 10 * (1 - KNOTS[knot]!) ** -2, curves.logs, 0);
setKnots((knot) => (KNOTS[knot]! < 0.3 ? 4 - 1e-12 * knot : 9), curves.logs, 1);
const table = knotTable(keys, curves);

it('has the declared columns, and gives back what went in, as it lies on disk too', () => {
  expect(table.names).toEqual(TREE_CURVES.output.fields.map(({ name }) => name));
  expect(knotCurvesOf(table)).toEqual(curves);
  const onDisk = new Batch(new Map([...table.columns].map(([name, column]) => [columnOnDisk(name), column])));
  expect(knotCurvesOf(onDisk)).toEqual(curves);
  expect(() => knotCurvesOf(table.select(['article', 'support']))).toThrow(/log_?[dD]emand/);
});

it('evaluates to demand and quantiles, curve after curve, discounts rising', () => {
  const discounts = parseDiscountGrid('0:0.6:0.3');
  const grid = TREE_CURVES.evaluate(table, discounts);
  expect(grid.length).toBe(6);
  for (let row = 0; row < grid.length; row++) {
    const curve = Math.floor(row / 3);
    const demand = demandBetweenKnots(curves.logs, curve, discounts[row % 3]!);
    expect(grid.floats('demand')[row]).toBe(demand);
    QUANTILES.forEach(({ column }, k) =>
      expect(grid.floats(column)[row]).toBe(demand * curves.ratios[3 * curve + k]!),
    );
    expect(grid.weeks('week')[row]).toBe(keys.weeks('week')[curve]);
    expect(grid.floats('support')[row]).toBe(curves.support[curve]);
  }
});
