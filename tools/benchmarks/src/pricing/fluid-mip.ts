import type { ArticleProblem } from '@hemline/pricing';
import type { Highs, Model } from 'highs';

/**
 * One market's article with certain demand as a mixed-integer program, first come, first served. Columns: a level chosen (0 or 1)
 * and units sold at it for each week and level, then units left and sold out (0 or 1) for each week. Rows of a week: one level;
 * sales at most its demand; stock goes on; nothing is left where it is sold out; all are served where it is not.
 * @param highs the solver
 * @param problem an article of one market
 * @returns the model, to be disposed of
 */
export function fluidMip(highs: Highs, problem: ArticleProblem): Model {
  const { weeks, levelCount, demand, margin, stock, deliveries, residual } = problem;
  const choices = weeks * levelCount;
  const columns = 2 * choices + 2 * weeks;
  const sold = (week: number, level: number): number => choices + week * levelCount + level;
  const left = (week: number): number => 2 * choices + week;
  const soldOut = (week: number): number => 2 * choices + weeks + week;
  const colCost = new Float64Array(columns);
  const colUpper = new Float64Array(columns).fill(1);
  const integrality = new Int32Array(columns);
  const starts: number[] = [0];
  const indices: number[] = [];
  const values: number[] = [];
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  const row = (low: number, high: number, entries: readonly (readonly [number, number])[]): void => {
    for (const [column, value] of entries) {
      indices.push(column);
      values.push(value);
    }
    starts.push(indices.length);
    rowLower.push(low);
    rowUpper.push(high);
  };
  let total = 0;
  for (let week = 0; week < weeks; week++) {
    const arrives = deliveries[week]! + (week === 0 ? stock[0]! : 0);
    total += arrives;
    const levels = Array.from({ length: levelCount }, (_, level) => level);
    const asked = levels.map((level) => demand[week * levelCount + level]!);
    for (const level of levels) {
      colCost[sold(week, level)] = margin[week * levelCount + level]!;
      colUpper[sold(week, level)] = asked[level]!;
      integrality[week * levelCount + level] = 1;
      row(-highs.infinity, 0, [
        [sold(week, level), 1],
        [week * levelCount + level, -asked[level]!],
      ]);
    }
    integrality[soldOut(week)] = 1;
    colUpper[left(week)] = total;
    row(
      1,
      1,
      levels.map((level) => [week * levelCount + level, 1]),
    );
    const flow: [number, number][] = levels.map((level) => [sold(week, level), 1]);
    flow.push([left(week), 1]);
    if (week > 0) flow.push([left(week - 1), -1]);
    row(arrives, arrives, flow);
    row(-highs.infinity, total, [
      [left(week), 1],
      [soldOut(week), total],
    ]);
    const unserved: [number, number][] = levels.flatMap((level) => [
      [week * levelCount + level, asked[level]!],
      [sold(week, level), -1],
    ]);
    row(-highs.infinity, 0, [...unserved, [soldOut(week), -Math.max(...asked)]]);
  }
  colCost[left(weeks - 1)] = residual[0]!;
  return highs.createModel({
    numCols: columns,
    numRows: rowLower.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost,
    colLower: new Float64Array(columns),
    colUpper,
    rowLower: Float64Array.from(rowLower),
    rowUpper: Float64Array.from(rowUpper),
    integrality,
    matrix: {
      format: 'csr',
      numRows: rowLower.length,
      numCols: columns,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    },
  });
}
