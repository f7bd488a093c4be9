import { roundDiscount } from '@hemline/core';
import { DISCOUNT_BANDS, discountBand } from '../segments/segment-row.ts';

/** What a row's demand over its forecast may depend on in every group alike, whatever the model makes of it. */
export interface RowConditions {
  /** In the shop. */
  readonly discount: number;
  /** Mean discount of the latest weeks that the forecast knew, eight at most; NaN where it knew none. */
  readonly knownDiscount: number;
  /** Weeks since the first of the series. */
  readonly age: number;
  /** Units. */
  readonly forecast: number;
  /** Units demanded in the latest week that the forecast knew; NaN where it knew none. */
  readonly knownDemand: number;
}

/** Upper ends of the classes, but the last: of the change of the discount, and of the log ratio of the last demand to the forecast. */
const CHANGE_ENDS = [-0.05, 0.05, 0.15, 0.3];
const RATIO_ENDS = [-0.8, -0.4, -0.15, 0.15, 0.4, 0.8];
/** Weeks of a class of ages, and how many classes there are: the last is open. */
const [AGE_WEEKS, AGES] = [4, 6];

/** Number of classes of each condition: discount, its change, age, last demand against the forecast. */
export const CONDITION_SIZES: readonly number[] = [
  DISCOUNT_BANDS.length,
  CHANGE_ENDS.length + 1,
  AGES,
  RATIO_ENDS.length + 1,
];
/** All combinations of the classes. */
export const STRATA = CONDITION_SIZES.reduce((product, size) => product * size, 1);

/**
 * @param conditions of a row; what is not known counts as unchanged
 * @returns its stratum, 0 to {@link STRATA} − 1; the last condition is the fastest
 */
export function stratumOf({ discount, knownDiscount, age, forecast, knownDemand }: RowConditions): number {
  const change = Number.isNaN(knownDiscount) ? 0 : roundDiscount(discount) - knownDiscount;
  const ratio = Number.isNaN(knownDemand) ? 0 : Math.log((knownDemand + 1) / (forecast + 1));
  const classes = [
    discountBand(discount),
    classOf(change, CHANGE_ENDS),
    Math.min(AGES - 1, Math.max(0, Math.floor(age / AGE_WEEKS))),
    classOf(ratio, RATIO_ENDS),
  ];
  return classes.reduce((stratum, own, at) => stratum * CONDITION_SIZES[at]! + own, 0);
}

/**
 * @param strata of some cells
 * @returns the class of each cell, by condition
 */
export function classesOf(strata: Int32Array): Int32Array[] {
  let step = STRATA;
  return CONDITION_SIZES.map((size) => {
    step /= size;
    const own = step;
    return strata.map((stratum) => Math.floor(stratum / own) % size);
  });
}

function classOf(value: number, ends: readonly number[]): number {
  let at = 0;
  while (at < ends.length && value >= ends[at]!) at++;
  return at;
}
