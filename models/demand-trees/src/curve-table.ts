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
import { demandBetweenKnots, KNOT_FIELDS, QUANTILES } from '@hemline/features';

/** Curves as numbers, in single precision, as they lie on disk. */
export interface KnotCurves {
  /** Log of demand at each of the `KNOTS`, curve after curve. */
  readonly logs: Float32Array;
  /** Each of the {@link QUANTILES} over the demand, curve after curve. */
  readonly ratios: Float32Array;
  /** Known weeks that the level of the series rests on, by curve. */
  readonly support: Float64Array;
}

const RATIOS: readonly Field[] = QUANTILES.map(({ share }) => ({
  name: `ratio${Math.round(100 * share)}`,
  type: 'float32',
  description: `${Math.round(100 * share)} % quantile of the units over the expected ones`,
}));

/**
 * @param table with the columns of the model's `curves`, as the model gives it or as it lies on disk
 * @returns the numbers
 * @throws SchemaError when a column is missing
 */
export function knotCurvesOf(table: Batch): KnotCurves {
  const numbers = ({ name }: Field): Float64Array =>
    table.floats(table.has(name) ? name : columnOnDisk(name));
  const gathered = (fields: readonly Field[]): Float32Array => {
    const all = new Float32Array(table.length * fields.length);
    fields.forEach((field, i) =>
      numbers(field).forEach((value, row) => (all[row * fields.length + i] = value)),
    );
    return all;
  };
  return { logs: gathered(KNOT_FIELDS), ratios: gathered(RATIOS), support: table.floats('support') };
}

/**
 * @param keys `article`, `market` and `week` of each curve
 * @param curves as many
 * @returns a batch with the columns of the model's `curves`
 */
export function knotTable(keys: Batch, { logs, ratios, support }: KnotCurves): Batch {
  const spread = (values: Float32Array, fields: readonly Field[]): [string, Column][] =>
    fields.map(({ name }, i) => [
      name,
      float32Column(Float32Array.from({ length: keys.length }, (_, row) => values[row * fields.length + i]!)),
    ]);
  return keys.with({
    ...Object.fromEntries([...spread(logs, KNOT_FIELDS), ...spread(ratios, RATIOS)]),
    support: float64Column(support),
  });
}

/**
 * Forecasts that curves give.
 * @param keys `article`, `market` and `week` of each forecast
 * @param curves that they are read from
 * @param curve of each forecast
 * @param discount of each forecast
 * @returns a batch with the columns of the model's output
 */
export function forecastsOn(
  keys: Batch,
  { logs, ratios, support }: KnotCurves,
  curve: ArrayLike<number>,
  discount: Float64Array,
): Batch {
  const demand = discount.map((level, row) => demandBetweenKnots(logs, curve[row]!, level));
  return keys.with({
    discount: float64Column(discount),
    demand: float64Column(demand),
    ...Object.fromEntries(
      QUANTILES.map(({ column }, i): [string, Column] => [
        column,
        float64Column(demand.map((mean, row) => mean * ratios[curve[row]! * QUANTILES.length + i]!)),
      ]),
    ),
    support: float64Column(Float64Array.from(demand, (_, row) => support[curve[row]!]!)),
  });
}

/** Demand curves as the model declares them. */
export const TREE_CURVES: ForecastCurves = {
  output: {
    fields: [
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      ...KNOT_FIELDS,
      ...RATIOS,
      {
        name: 'support',
        type: 'float64',
        description: 'known weeks that the level of the series rests on; 0: its attributes alone',
      },
    ],
  },
  evaluate(table: Batch, discounts: DiscountGrid): Batch {
    const length = table.length * discounts.length;
    const curve = Uint32Array.from({ length }, (_, row) => Math.floor(row / discounts.length));
    const text = (name: string): Column => {
      const { values, dictionary } = table.strings(name);
      return stringColumn(
        Int32Array.from(curve, (one) => values[one]!),
        dictionary,
      );
    };
    const weeks = table.weeks('week');
    const keys = new Batch({
      article: text('article'),
      market: text('market'),
      week: dateColumn(Int32Array.from(curve, (one) => weeks[one]!)),
    });
    const discount = Float64Array.from(curve, (_, row) => discounts[row % discounts.length]!);
    return forecastsOn(keys, knotCurvesOf(table), curve, discount);
  },
};
