import { KeyIndex, SERIES_KEY, type Batch } from '@hemline/core';
import { KNOT_DEPTHS, KNOTS } from '../demand-curves/knot-curve.ts';
import type { PriceResponse } from './price-response.ts';
import { liftAt } from './response-basis.ts';

/** What curves are wanted for. */
export interface ShapedRequest {
  /** One row each: `article`, `market` and the attributes. */
  readonly items: Batch;
  readonly weeks: Int32Array;
  /** What is known ahead: `article`, `market`, `week` and, where it is planned, `discount`; null where nothing is. */
  readonly plan: Batch | null;
}

/**
 * Gives demand curves the course of a response that was estimated apart. A model learns from weeks in which discounts were set by demand, so
 * that what it says of one discount is good where that discount is to be expected, and the steps from one discount to another are
 * not: the curve stays where it is at the planned discount (without one, at the usual one), and takes its course from the response
 * as far as the data has settled that, `evidence.resolved`.
 */
export class ShapedCurves {
  readonly #weight: number;
  readonly #lift: Float64Array;
  readonly #tilts: Float64Array;
  /** Depth at which a curve stays as it is, [item × week]. */
  readonly #depths: Float64Array;
  readonly #weeks: number;

  /**
   * @param response estimated apart
   * @param request items, weeks, plan
   */
  constructor(response: PriceResponse, { items, weeks, plan }: ShapedRequest) {
    this.#weight = response.evidence.resolved;
    this.#lift = KNOTS.map((discount) => liftAt(response.slopes, discount));
    this.#tilts = response.tilts(items);
    this.#weeks = weeks.length;
    this.#depths = new Float64Array(items.length * weeks.length).fill(response.evidence.usualDepth);
    if (plan?.has('discount') !== true) return;
    const index = new KeyIndex(SERIES_KEY);
    index.add(items);
    const weekAt = new Map([...weeks].map((week, at) => [week, at]));
    const [dates, discounts] = [plan.weeks('week'), plan.floats('discount')];
    index.find(plan).forEach((item, row) => {
      const week = weekAt.get(dates[row]!);
      const depth = -Math.log1p(-discounts[row]!);
      if (item !== -1 && week !== undefined && Number.isFinite(depth))
        this.#depths[item * weeks.length + week] = Math.max(0, depth);
    });
  }

  /**
   * Shapes one curve.
   * @param logs log of demand at each of the `KNOTS`, never falling; changed in place, and never falling afterwards
   * @param item number of the item
   * @param week position of the week
   */
  shape(logs: Float64Array, item: number, week: number): void {
    const depth = this.#depths[item * this.#weeks + week]!;
    const tilt = this.#tilts[item]!;
    const stays = between(logs, depth) - tilt * between(this.#lift, depth);
    const weight = this.#weight;
    for (let knot = 0; knot < logs.length; knot++)
      logs[knot] = (1 - weight) * logs[knot]! + weight * (stays + tilt * this.#lift[knot]!);
  }
}

/** A value between knots, linear in the depth, as curves are; constant beyond the last. */
function between(values: Float64Array, depth: number): number {
  let knot = 0;
  while (knot + 1 < KNOTS.length && KNOT_DEPTHS[knot + 1]! <= depth) knot++;
  if (knot + 1 === KNOTS.length) return values[knot]!;
  const part = (depth - KNOT_DEPTHS[knot]!) / (KNOT_DEPTHS[knot + 1]! - KNOT_DEPTHS[knot]!);
  return values[knot]! + part * (values[knot + 1]! - values[knot]!);
}
