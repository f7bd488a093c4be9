import {
  Batch,
  columnOnDisk,
  dateColumn,
  float32Column,
  float64Column,
  stringColumn,
  type Column,
  type DiscountGrid,
  type Field,
  type ForecastCurves,
} from '@hemline/core';
import { QUANTILES } from '@hemline/features';
import { quantileAt } from '../intervals.ts';

/**
 * Discounts at which members are asked. A weighted sum of curves is none of their kind: at these it is exact, between them its logarithm
 * is linear in −log(1 − discount), above them constant.
 */
export const KNOTS: DiscountGrid = Float64Array.of(
  ...[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9],
);
const DEPTHS = KNOTS.map((discount) => -Math.log1p(-discount));
/** What logarithms of demand are confined to, so that no input gives a number that is not finite. */
const MOST = 25;

const LOGS = [...KNOTS].map((discount): Field => ({
  name: `logDemand${Math.round(100 * discount)}`,
  type: 'float32',
  description: `log of the expected units at a discount of ${discount}`,
}));
/** What quantiles follow from, besides the demand. */
const SPREAD: Field = {
  name: 'spread',
  type: 'float64',
  description: 'variance of demand over its squared mean, besides that of counting',
};
const SCORES = QUANTILES.map(({ column, share }): Field => ({
  name: column.replace(/^demand(.)/, (_, first: string) => `${first.toLowerCase()}`) + 'Score',
  type: 'float64',
  description: `the ${100 * share} % quantile is demand + this × √(demand + spread × demand²), at least 0`,
}));

/** Blended curves as numbers. */
export interface BlendedCurves {
  /** Log of demand at each of the {@link KNOTS}, curve after curve; as it lies on disk. */
  readonly logs: Float32Array;
  readonly spread: Float64Array;
  /** By quantile, then by curve. */
  readonly scores: readonly Float64Array[];
  readonly support: Float64Array;
}

/**
 * Writes one curve: never falling, finite.
 * @param demand gives the units at a knot
 * @param logs of all curves
 * @param curve number of the curve
 */
export function setCurve(demand: (knot: number) => number, logs: Float32Array, curve: number): void {
  let highest = -MOST;
  for (let knot = 0; knot < KNOTS.length; knot++) {
    // Members never fall but for rounding.
    highest = Math.max(highest, Math.min(MOST, Math.log(demand(knot))));
    logs[curve * KNOTS.length + knot] = highest;
  }
}

/**
 * @param logs of all curves
 * @param curve number of the curve
 * @param discount share of the black price, in [0, 1)
 * @returns units in the week, never falling as the discount rises
 */
export function demandOn(logs: Float32Array, curve: number, discount: number): number {
  const depth = -Math.log1p(-discount);
  const from = curve * KNOTS.length;
  let knot = 0;
  while (knot + 1 < KNOTS.length && DEPTHS[knot + 1]! <= depth) knot++;
  const low = logs[from + knot]!;
  if (knot + 1 === KNOTS.length || depth <= DEPTHS[knot]!) return Math.exp(low);
  const part = (depth - DEPTHS[knot]!) / (DEPTHS[knot + 1]! - DEPTHS[knot]!);
  return Math.exp(low + part * (logs[from + knot + 1]! - low));
}

/**
 * @param keys `article`, `market` and `week` of each curve
 * @param curves as many
 * @returns a batch with the columns of {@link BLEND_CURVES}
 */
export function blendTable(keys: Batch, { logs, spread, scores, support }: BlendedCurves): Batch {
  const knot = (at: number): Column =>
    float32Column(Float32Array.from({ length: keys.length }, (_, row) => logs[row * KNOTS.length + at]!));
  return keys.with({
    ...Object.fromEntries(LOGS.map(({ name }, at): [string, Column] => [name, knot(at)])),
    spread: float64Column(spread),
    ...Object.fromEntries(SCORES.map(({ name }, i): [string, Column] => [name, float64Column(scores[i]!)])),
    support: float64Column(support),
  });
}

/** Curves of a blend as the model declares them. */
export const BLEND_CURVES: ForecastCurves = {
  output: {
    fields: [
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      ...LOGS,
      SPREAD,
      ...SCORES,
      {
        name: 'support',
        type: 'float64',
        description: 'most weeks of its own that the level of a member rests on; 0: attributes, other series',
      },
    ],
  },
  evaluate(table: Batch, discounts: DiscountGrid): Batch {
    const { logs, spread, scores, support } = curvesOf(table);
    const length = table.length * discounts.length;
    const curve = Int32Array.from({ length }, (_, row) => Math.floor(row / discounts.length));
    const discount = Float64Array.from({ length }, (_, row) => discounts[row % discounts.length]!);
    const demand = discount.map((level, row) => demandOn(logs, curve[row]!, level));
    const weeks = table.weeks('week');
    const text = (name: string): Column => {
      const { values, dictionary } = table.strings(name);
      return stringColumn(
        curve.map((one) => values[one]!),
        dictionary,
      );
    };
    return new Batch({
      article: text('article'),
      market: text('market'),
      week: dateColumn(curve.map((one) => weeks[one]!)),
      discount: float64Column(discount),
      demand: float64Column(demand),
      ...Object.fromEntries(
        QUANTILES.map(({ column }, i): [string, Column] => [
          column,
          float64Column(
            demand.map((units, row) => quantileAt(units, spread[curve[row]!]!, scores[i]![curve[row]!]!)),
          ),
        ]),
      ),
      support: float64Column(demand.map((_, row) => support[curve[row]!]!)),
    });
  },
};

function curvesOf(table: Batch): BlendedCurves {
  const numbers = ({ name }: Field): Float64Array =>
    table.floats(table.has(name) ? name : columnOnDisk(name));
  const logs = new Float32Array(table.length * KNOTS.length);
  LOGS.forEach((field, knot) =>
    numbers(field).forEach((value, row) => (logs[row * KNOTS.length + knot] = value)),
  );
  return { logs, spread: numbers(SPREAD), scores: SCORES.map(numbers), support: table.floats('support') };
}
