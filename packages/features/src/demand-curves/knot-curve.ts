import type { DiscountGrid, Field } from '@hemline/core';

/**
 * Discounts at which a curve is held that has no formula of its own: what trees say, or a weighted sum of other curves. At these it is
 * exact; between them the logarithm of demand is linear in −log(1 − discount), above them constant.
 */
export const KNOTS: DiscountGrid = Float64Array.of(
  ...[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9],
);

/** −log(1 − discount) of each of the {@link KNOTS}. */
export const KNOT_DEPTHS = KNOTS.map((discount) => -Math.log1p(-discount));

/** Columns of a table of curves that hold log demand at each of the {@link KNOTS}. */
export const KNOT_FIELDS: readonly Field[] = [...KNOTS].map((discount) => ({
  name: `logDemand${Math.round(100 * discount)}`,
  type: 'float32',
  description: `log of the expected units at a discount of ${discount}`,
}));

/** What logarithms of demand are confined to, so that no input gives a number that is not finite. */
const MOST = 25;

/**
 * Writes the logarithms of one curve: never falling, finite.
 * @param demand gives the units at a knot, by its number; rising but for rounding
 * @param logs of all curves, one a knot, curve after curve
 * @param curve number of the curve
 */
export function setKnots(demand: (knot: number) => number, logs: Float32Array, curve: number): void {
  setLogKnots((knot) => Math.log(demand(knot)), logs, curve);
}

/**
 * Writes the logarithms of one curve: never falling, finite.
 * @param log gives the logarithm of the units at a knot, by its number; rising but for rounding
 * @param logs of all curves, one a knot, curve after curve
 * @param curve number of the curve
 */
export function setLogKnots(log: (knot: number) => number, logs: Float32Array, curve: number): void {
  let highest = -MOST;
  for (let knot = 0; knot < KNOTS.length; knot++) {
    highest = Math.max(highest, Math.min(MOST, log(knot)));
    logs[curve * KNOTS.length + knot] = highest;
  }
}

/**
 * @param logs of all curves, one a knot, curve after curve
 * @param curve number of the curve
 * @param discount share of the black price, in [0, 1)
 * @returns units in the week, never falling as the discount rises
 */
export function demandBetweenKnots(logs: Float32Array, curve: number, discount: number): number {
  const depth = -Math.log1p(-discount);
  const from = curve * KNOTS.length;
  let knot = 0;
  while (knot + 1 < KNOTS.length && KNOT_DEPTHS[knot + 1]! <= depth) knot++;
  const [at, low] = [KNOT_DEPTHS[knot]!, logs[from + knot]!];
  // A discount of 0 that rounding makes negative.
  if (knot + 1 === KNOTS.length || depth <= at) return Math.exp(low);
  const part = (depth - at) / (KNOT_DEPTHS[knot + 1]! - at);
  return Math.exp(low + part * (logs[from + knot + 1]! - low));
}
