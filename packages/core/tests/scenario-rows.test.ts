import { describe, expect, test } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import { dateColumn, float64Column, stringsToColumn } from '../src/columns/build.ts';
import { scenarioRows } from '../src/model/scenario-rows.ts';
import { valueAt } from '../src/columns/column.ts';
import type { Scenarios } from '../src/model/forecast-request.ts';

const items = new Batch({ article: stringsToColumn(['a', 'b']), market: stringsToColumn(['m', 'n']) });

function all(
  scenarios: Scenarios,
  batchRows: number,
): { rows: unknown[][]; item: number[]; sizes: number[] } {
  const found = [...scenarioRows(items, scenarios, batchRows)];
  return {
    rows: found.flatMap(({ rows }) =>
      Array.from({ length: rows.length }, (_, row) =>
        rows.names.map((name) => valueAt(rows.column(name), row)),
      ),
    ),
    item: found.flatMap(({ item }) => [...item]),
    sizes: found.map(({ rows }) => rows.length),
  };
}

describe('rows of a grid', () => {
  const grid: Scenarios = {
    kind: 'grid',
    weeks: Int32Array.of(707, 714),
    discounts: Float64Array.of(0, 0.5),
    plan: null,
  };

  test('come item after item, week after week, discounts rising', () => {
    const { rows, item, sizes } = all(grid, 3);
    expect(sizes).toEqual([3, 3, 2]);
    expect(item).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(rows.slice(2, 6)).toEqual([
      ['a', 'm', 714, 0],
      ['a', 'm', 714, 0.5],
      ['b', 'n', 707, 0],
      ['b', 'n', 707, 0.5],
    ]);
    expect(all(grid, 100).rows).toEqual(rows);
  });

  test('are none without a week or an item', () => {
    expect(all({ ...grid, weeks: new Int32Array(0) }, 10).rows).toEqual([]);
  });
});

test('planned rows stay in their order, and tell which item they are of', () => {
  const rows = new Batch({
    article: stringsToColumn(['b', 'c', 'a']),
    market: stringsToColumn(['n', 'n', 'm']),
    week: dateColumn(Int32Array.of(714, 714, 707)),
    discount: float64Column(Float64Array.of(0.3, 0, 0.1)),
    blackPrice: float64Column(Float64Array.of(1, 2, 3)),
  });
  const found = all({ kind: 'planned', rows }, 2);
  expect(found.item).toEqual([1, -1, 0]);
  expect(found.rows).toEqual([
    ['b', 'n', 714, 0.3],
    ['c', 'n', 714, 0],
    ['a', 'm', 707, 0.1],
  ]);
});
