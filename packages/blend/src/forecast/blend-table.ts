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
import { demandBetweenKnots, KNOT_FIELDS, KNOTS, QUANTILES } from '@hemline/features';
import { quantileAt } from '../intervals.ts';

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
  /** Log of demand at each of the `KNOTS`, curve after curve; as it lies on disk. */
  readonly logs: Float32Array;
  readonly spread: Float64Array;
  /** By quantile, then by curve. */
  readonly scores: readonly Float64Array[];
  readonly support: Float64Array;
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
    ...Object.fromEntries(KNOT_FIELDS.map(({ name }, at): [string, Column] => [name, knot(at)])),
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
      ...KNOT_FIELDS,
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
    const demand = discount.map((level, row) => demandBetweenKnots(logs, curve[row]!, level));
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
  KNOT_FIELDS.forEach((field, knot) =>
    numbers(field).forEach((value, row) => (logs[row * KNOTS.length + knot] = value)),
  );
  return { logs, spread: numbers(SPREAD), scores: SCORES.map(numbers), support: table.floats('support') };
}
