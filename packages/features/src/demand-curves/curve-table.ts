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
  type Schema,
} from '@hemline/core';
import { CURVE_SEGMENTS, CURVE_WIDTH, demandAt } from './demand-curve.ts';
import { demandQuantile, QUANTILES } from './quantiles.ts';

/** Curves as numbers: what evaluating them takes. */
export interface Curves {
  /** {@link CURVE_WIDTH} numbers a row, for `demandAt` and `demandSlopeAt`. */
  readonly curves: Float64Array;
  /** Variance of demand over its squared mean, by row; for `demandQuantile`. */
  readonly dispersion: Float64Array;
  /** Weeks of its own that the level of the series rests on, by row. */
  readonly support: Float64Array;
}

/** One column for each slope, numbered within the price and within the discount. */
const SLOPES: readonly Field[] = CURVE_SEGMENTS.map(({ low, high, ofPrice }, k): Field => {
  const number = CURVE_SEGMENTS.slice(0, k + 1).filter((segment) => segment.ofPrice === ofPrice).length;
  const of = ofPrice ? 'log of the usual price over the price' : '−log(1 − discount)';
  return {
    name: `${ofPrice ? 'price' : 'discount'}Slope${number}`,
    type: 'float32',
    description: `d log demand / d ${of}, while that lies between ${low} and ${high}; at least 0`,
  };
});

/** Columns of a table of curves. */
const CURVES_SCHEMA: Schema = {
  fields: [
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'level', type: 'float64', description: 'log of demand at the usual price, without discount' },
    {
      name: 'position',
      type: 'float64',
      description: 'log of the usual price over the black price; 0 where no price is known',
    },
    ...SLOPES,
    { name: 'dispersion', type: 'float64', description: 'variance of demand over its squared mean' },
    {
      name: 'support',
      type: 'float64',
      description: 'weeks of its own that the level of the series rests on; 0: its attributes alone',
    },
  ],
};

/**
 * Reads curves from a table, as the model gives it or as it lies on disk.
 * @param table with the columns of the model's `curves`
 * @returns the numbers, row by row
 * @throws SchemaError when a column is missing
 */
export function curvesOf(table: Batch): Curves {
  const numbers = (name: string): Float64Array => table.floats(table.has(name) ? name : columnOnDisk(name));
  const curves = new Float64Array(table.length * CURVE_WIDTH);
  ['level', 'position', ...SLOPES.map(({ name }) => name)].forEach((name, i) => {
    numbers(name).forEach((value, row) => (curves[row * CURVE_WIDTH + i] = value));
  });
  return { curves, dispersion: numbers('dispersion'), support: numbers('support') };
}

/**
 * Makes a table of curves.
 * @param keys `article`, `market` and `week` of each row
 * @param numbers of each row
 * @returns a batch with the columns of the model's `curves`
 */
export function curveTable(keys: Batch, { curves, dispersion, support }: Curves): Batch {
  const column = (at: number): Float64Array =>
    Float64Array.from({ length: keys.length }, (_, row) => curves[row * CURVE_WIDTH + at]!);
  return keys.with({
    level: float64Column(column(0)),
    position: float64Column(column(1)),
    // They come out of a network in single precision.
    ...Object.fromEntries(
      SLOPES.map(({ name }, k): [string, Column] => [name, float32Column(Float32Array.from(column(2 + k)))]),
    ),
    dispersion: float64Column(dispersion),
    support: float64Column(support),
  });
}

/** Demand curves as the model declares them. */
export const DEMAND_CURVES: ForecastCurves = {
  output: CURVES_SCHEMA,
  evaluate(table: Batch, discounts: DiscountGrid): Batch {
    const { curves, dispersion, support } = curvesOf(table);
    const length = table.length * discounts.length;
    const repeated = <T extends Float64Array | Int32Array>(values: T): T => {
      const out = new (values.constructor as new (size: number) => T)(length);
      for (let row = 0; row < length; row++) out[row] = values[Math.floor(row / discounts.length)]!;
      return out;
    };
    const demand = Float64Array.from({ length }, (_, row) =>
      demandAt(curves, Math.floor(row / discounts.length) * CURVE_WIDTH, discounts[row % discounts.length]!),
    );
    const text = (name: string): Column => {
      const { values, dictionary } = table.strings(name);
      return stringColumn(repeated(values), dictionary);
    };
    return new Batch({
      article: text('article'),
      market: text('market'),
      week: dateColumn(repeated(table.weeks('week'))),
      discount: float64Column(Float64Array.from(demand, (_, row) => discounts[row % discounts.length]!)),
      demand: float64Column(demand),
      ...Object.fromEntries(
        QUANTILES.map(({ column, share }): [string, Column] => [
          column,
          float64Column(
            demand.map((mean, row) =>
              demandQuantile(mean, dispersion[Math.floor(row / discounts.length)]!, share),
            ),
          ),
        ]),
      ),
      support: float64Column(repeated(support)),
    });
  },
};
