import type { Batch, Column, Week } from '@hemline/core';
import type { FilledPanel, OrdinalEncoder, ShrunkAverages } from '@hemline/features';
import type { DatasetColumns } from './dataset-columns.ts';

/** Series as numbers. Every series has a row in every week from its first to its last. */
export interface SeriesStore {
  /** `article` and `market` of each series. */
  readonly keys: Batch;
  /** Series s owns the rows `offsets[s]` to `offsets[s + 1]`. */
  readonly offsets: Uint32Array;
  readonly weeks: Int32Array;
  /** Units; NaN where not known, and after the cutoff. */
  readonly demand: Float64Array;
  /** −log(1 − discount); NaN where no discount is known. */
  readonly depth: Float64Array;
  /** Log of the black price, where missing that of the nearest week; 0 where the series has none. */
  readonly logPrice: Float64Array;
  /** What is known of weeks ahead, one array a feature: planned covariates, then the calendar; NaN where missing. */
  readonly planned: readonly Float64Array[];
  /** What is known afterwards only, one array a column; NaN where missing, and after the cutoff. */
  readonly past: readonly Float64Array[];
  /** Categories of attributes, one array a column, a number a series; 0 where unseen. */
  readonly codes: readonly Int32Array[];
  /** Attributes that are numbers, one array a column, a number a series; NaN where missing. */
  readonly statics: readonly Float64Array[];
  /** Expected mean of log(1 + demand) of a series of its group, before anything is known of itself. */
  readonly prior: Float64Array;
}

/** What brings columns to numbers: fitted up to the cutoff, saved with the model. */
export interface Encoders {
  readonly categories: OrdinalEncoder;
  /** Mean of log(1 + demand), by article, group and market. */
  readonly levels: ShrunkAverages;
}

/** A name that no article has: looking it up gives what is expected of its group. */
const NOBODY = '\u0000nobody';

/**
 * Turns a panel into numbers.
 * @param panel with a row in every week
 * @param columns of the dataset
 * @param encoders fitted on the history
 * @param cutoff the last known week: of what is not planned nothing after it is read
 * @returns the series
 */
export function storeOf(
  panel: FilledPanel,
  columns: DatasetColumns,
  encoders: Encoders,
  cutoff: Week,
): SeriesStore {
  const { rows, offsets, weeks, series } = panel;
  const known = (values: Float64Array): Float64Array =>
    values.map((value, row) => (weeks[row]! > cutoff ? NaN : value));
  const planned = columns.planned.transform(panel, { cutoff });
  const depth = rows.has('discount')
    ? rows.floats('discount').map((value) => (value >= 0 && value < 1 ? -Math.log1p(-value) : NaN))
    : new Float64Array(rows.length);
  return {
    keys: series.select(['article', 'market']),
    offsets,
    weeks,
    demand: known(rows.floats('demand').map((value) => Math.max(0, value))),
    depth,
    logPrice: logPrices(panel),
    planned: columns.planned.names.map((name) => planned.find(name)!),
    past: columns.past.map((name) => known(rows.floats(name))),
    codes: columns.categories.map((name) => encoders.categories.transform(series, name)),
    statics: columns.numbers.map((name) => series.floats(name)),
    prior: encoders.levels.lookup(groupKeys(series)).value,
  };
}

/** Rows of the series' group, of no article of its own. */
function groupKeys(series: Batch): Batch {
  const article: Column = {
    type: 'string',
    length: series.length,
    values: new Int32Array(series.length),
    dictionary: [NOBODY],
    validity: null,
  };
  return series.select(['group', 'market']).with({ article });
}

function logPrices({ rows, offsets }: FilledPanel): Float64Array {
  if (!rows.has('blackPrice')) return new Float64Array(rows.length);
  const prices = rows.floats('blackPrice').map((price) => (price > 0 ? Math.log(price) : NaN));
  for (let series = 0; series + 1 < offsets.length; series++) {
    const own = prices.subarray(offsets[series], offsets[series + 1]);
    let last = own.find((price) => !Number.isNaN(price)) ?? 0;
    for (let row = 0; row < own.length; row++) {
      if (Number.isNaN(own[row]!)) own[row] = last;
      else last = own[row]!;
    }
  }
  return prices;
}
