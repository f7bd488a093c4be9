import {
  Batch,
  columnOnDisk,
  dateColumn,
  float64Column,
  stringColumn,
  type Column,
  type DiscountGrid,
  type Field,
  type ForecastCurves,
} from '@hemline/core';
import {
  CURVE_WIDTH,
  curveTable,
  curvesOf,
  DEMAND_CURVES,
  demandAt,
  QUANTILES,
  type Curves,
} from '@hemline/features';
import { quantileAt } from '../intervals.ts';

/** Columns that quantiles follow from, besides the demand. */
const SCORES: readonly Field[] = [
  {
    name: 'spread',
    type: 'float64',
    description: 'variance of demand over its squared mean, besides counting',
  },
  ...QUANTILES.map(({ column, share }): Field => ({
    name: scoreOf(column),
    type: 'float64',
    description: `the ${100 * share} % quantile is demand + this × √(demand + spread × demand²), at least 0`,
  })),
];

/** Numbers of blended curves, row by row. */
export interface BlendedCurves extends Curves {
  readonly spread: Float64Array;
  /** By quantile. */
  readonly scores: readonly Float64Array[];
}

/**
 * @param keys `article`, `market` and `week` of each row
 * @param numbers of each row
 * @returns a batch with the columns of {@link BLEND_CURVES}
 */
export function blendTable(keys: Batch, numbers: BlendedCurves): Batch {
  return curveTable(keys, numbers).with({
    spread: float64Column(numbers.spread),
    ...Object.fromEntries(
      QUANTILES.map(({ column }, i): [string, Column] => [
        scoreOf(column),
        float64Column(numbers.scores[i]!),
      ]),
    ),
  });
}

/** Curves of a blend: those that all demand models share, and what calibrated quantiles follow from. */
export const BLEND_CURVES: ForecastCurves = {
  output: { fields: [...DEMAND_CURVES.output.fields, ...SCORES] },
  evaluate(table: Batch, discounts: DiscountGrid): Batch {
    const { curves, support } = curvesOf(table);
    const numbers = (name: string): Float64Array => table.floats(table.has(name) ? name : columnOnDisk(name));
    const spread = numbers('spread');
    const scores = QUANTILES.map(({ column }) => numbers(scoreOf(column)));
    const levels = discounts.length;
    const length = table.length * levels;
    const [demand, discount, supports] = [0, 1, 2].map(() => new Float64Array(length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const quantiles = QUANTILES.map(() => new Float64Array(length));
    const [article, market] = [table.strings('article'), table.strings('market')];
    const tableWeeks = table.weeks('week');
    const [articles, markets, weeks] = [0, 1, 2].map(() => new Int32Array(length)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    for (let row = 0, to = 0; row < table.length; row++)
      for (let level = 0; level < levels; level++, to++) {
        const units = demandAt(curves, row * CURVE_WIDTH, discounts[level]!);
        demand[to] = units;
        discount[to] = discounts[level]!;
        supports[to] = support[row]!;
        for (let i = 0; i < quantiles.length; i++)
          quantiles[i]![to] = quantileAt(units, spread[row]!, scores[i]![row]!);
        articles[to] = article.values[row]!;
        markets[to] = market.values[row]!;
        weeks[to] = tableWeeks[row]!;
      }
    return new Batch({
      article: stringColumn(articles, article.dictionary),
      market: stringColumn(markets, market.dictionary),
      week: dateColumn(weeks),
      discount: float64Column(discount),
      demand: float64Column(demand),
      ...Object.fromEntries(
        QUANTILES.map(({ column }, i): [string, Column] => [column, float64Column(quantiles[i]!)]),
      ),
      support: float64Column(supports),
    });
  },
};

/** `demandLow` → `lowScore`. */
function scoreOf(column: string): string {
  const name = column.replace(/^demand/, '');
  return `${name[0]!.toLowerCase()}${name.slice(1)}Score`;
}
