import type { SalesRows } from './sales-rows.ts';
import type { StockGrid } from './stock-grid.ts';

const HARDLY = 1e-12;

/**
 * The value of an action in a week, at the knots of the grid, from the values of the week after. Between knots an action's value may
 * exceed the line between its ends, because sales are concave and the later values turn; it is raised by the most that this can be,
 * so that lines between knots lie nowhere below the true value.
 */
export class ActionValues {
  private readonly grid: StockGrid;
  private readonly rows: SalesRows;
  /** Cell of the week after that each knot leads to, the share of it, and the stock itself. */
  private readonly cell: Int32Array;
  private readonly share: Float64Array;
  private readonly reached: Float64Array;
  /** Of the later values, by cell: concave turns summed from the left, and the least slope from the left. */
  private readonly turns: Float64Array;
  private readonly leastSlope: Float64Array;
  private values = new Float64Array(0);
  private later = 0;
  private row = 0;
  private low = 0;
  private high = 0;

  /**
   * @param grid the grid of stock
   * @param rows expected sales of actions on it
   */
  constructor(grid: StockGrid, rows: SalesRows) {
    this.grid = grid;
    this.rows = rows;
    this.cell = new Int32Array(grid.cells + 1);
    this.share = new Float64Array(grid.cells + 1);
    this.reached = new Float64Array(grid.cells + 1);
    this.turns = new Float64Array(grid.cells + 1);
    this.leastSlope = new Float64Array(grid.cells + 1);
  }

  /**
   * Reads the values of the week after.
   * @param values values at knots
   * @param later place of the first knot's
   * @param low first knot that is filled
   * @param high last knot that is
   */
  readLater(values: Float64Array, later: number, low: number, high: number): void {
    const { turns, leastSlope } = this;
    const { perUnit } = this.grid;
    this.values = values;
    this.later = later;
    let before = Infinity;
    let least = Infinity;
    let turned = 0;
    for (let cell = low; cell < high; cell++) {
      const slope = (values[later + cell + 1] - values[later + cell]) * perUnit[cell];
      if (before > slope && before < Infinity) turned += before - slope;
      if (slope < least) least = slope;
      turns[cell] = turned;
      leastSlope[cell] = least;
      before = slope;
    }
  }

  /**
   * Finds where an action leads from each knot.
   * @param action its row of sales
   * @param low first knot of the week
   * @param high last knot of the week
   * @param inflow units that arrive before the week after
   */
  lead(action: number, low: number, high: number, inflow: number): void {
    const { grid, cell, share, reached } = this;
    const { sales } = this.rows;
    const { knots, perUnit } = grid;
    const row = action * (grid.cells + 1);
    this.row = row;
    this.low = low;
    this.high = high;
    const last = grid.cells - 1;
    let place = grid.cellOf(knots[low] - sales[row + low] + inflow);
    for (let knot = low; knot <= high; knot++) {
      const stock = knots[knot] - sales[row + knot] + inflow;
      while (place < last && knots[place + 1] < stock) place++;
      cell[knot] = place;
      reached[knot] = stock;
      share[knot] = (stock - knots[place]) * perUnit[place];
    }
  }

  /**
   * Values of the action that {@link lead} was told of, by the later values that {@link readLater} was.
   * @param margin profit of a unit sold
   * @param holding cost of a unit left
   * @param out receives the values
   * @param start place of the first knot's
   */
  fill(margin: number, holding: number, out: Float64Array, start: number): void {
    const { grid, cell, share, reached, values, turns, leastSlope, row, later, low, high } = this;
    const { sales, bend: bends } = this.rows;
    const { knots } = grid;
    const unit = margin + holding;
    let raised = 0;
    let from = cell[low];
    for (let knot = low; knot < high; knot++) {
      const place = later + from;
      const value =
        unit * sales[row + knot] -
        holding * knots[knot] +
        values[place] +
        share[knot] * (values[place + 1] - values[place]);
      const to = cell[knot + 1];
      // A sum of concave turns bends a stretch by a quarter of its length at most; convex turns bend it down.
      let most = 0;
      if (to > from) {
        most = turns[to] - turns[from];
        if (to === from + 1) {
          const before = knots[to] - reached[knot];
          const after = reached[knot + 1] - knots[to];
          most *= (before * after) / (before + after + HARDLY);
        } else most *= 0.25 * (reached[knot + 1] - reached[knot]);
      }
      const bend = bends[row + knot];
      if (bend > 0) {
        const gain = unit - leastSlope[to];
        if (gain > 0) most += bend * gain;
      }
      out[start + knot] = value + (most > raised ? most : raised);
      raised = most;
      from = to;
    }
    const place = later + from;
    out[start + high] =
      unit * sales[row + high] -
      holding * knots[high] +
      values[place] +
      share[high] * (values[place + 1] - values[place]) +
      raised;
  }
}
