import type { StockGrid } from './stock-grid.ts';

/**
 * Raises values at knots to the least concave function above them.
 * @param values changed in place
 * @param at place of the value of knot 0
 * @param grid the knots
 * @param low first knot
 * @param high last knot
 * @param stack room for as many knots
 */
export function concaveMajorant(
  values: Float64Array,
  at: number,
  { knots }: StockGrid,
  low: number,
  high: number,
  stack: Int32Array,
): void {
  let corners = 0;
  for (let knot = low; knot <= high; knot++) {
    while (corners > 1) {
      const last = stack[corners - 1];
      const before = stack[corners - 2];
      const turn =
        (values[at + last] - values[at + before]) * (knots[knot] - knots[before]) -
        (values[at + knot] - values[at + before]) * (knots[last] - knots[before]);
      if (turn >= 0) break;
      corners--;
    }
    stack[corners++] = knot;
  }
  for (let place = 1; place < corners; place++) {
    const from = stack[place - 1];
    const to = stack[place];
    const slope = (values[at + to] - values[at + from]) / (knots[to] - knots[from]);
    for (let knot = from + 1; knot < to; knot++) {
      values[at + knot] = values[at + from] + slope * (knots[knot] - knots[from]);
    }
  }
}
