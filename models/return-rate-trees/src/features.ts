import type { Week } from '@hemline/core';
import type { RecentWeeks } from './recent-weeks.ts';
import type { ItemCounts, ShrunkRates } from './shrunk-rates.ts';

/** Features besides the attributes, in the order of the columns. Rates are log odds. */
export const FEATURES = [
  'ownRate',
  'ownUnits',
  'otherMarketsRate',
  'otherMarketsUnits',
  'groupRate',
  'brandRate',
  'discount',
  'discountChange',
  'price',
  'relativePrice',
  'age',
  'weeksLeft',
  'yearSine',
  'yearCosine',
  'availability',
  'recentSales',
] as const;

/** Those that change with the discount. */
export const DISCOUNT = FEATURES.indexOf('discount');
export const DISCOUNT_CHANGE = FEATURES.indexOf('discountChange');

const DAYS_PER_YEAR = 365.2425;

/** A cohort, real or to be forecast. NaN where unknown. */
export interface CohortFacts {
  readonly counts: ItemCounts;
  readonly rates: ShrunkRates;
  readonly recent: RecentWeeks;
  readonly discount: number;
  readonly price: number;
  /** Mean log price of the group. */
  readonly groupPrice: number;
  readonly saleWeek: Week;
  /** Weeks since the launch at the sale. */
  readonly age: number;
  /** Weeks to the season's end at the sale. */
  readonly weeksLeft: number;
}

/**
 * Writes the features of a cohort, but for the attributes.
 * @param facts what is known of it
 * @param columns to write to, in the order of {@link FEATURES}
 * @param row of the columns
 */
export function writeFeatures(facts: CohortFacts, columns: readonly Float32Array[], row: number): void {
  const { counts, rates, recent, discount, price, groupPrice, saleWeek, age, weeksLeft } = facts;
  const logPrice = price > 0 ? Math.log(price) : NaN;
  const turn = (2 * Math.PI * saleWeek) / DAYS_PER_YEAR;
  const values = [
    // Relative to the group: how the article differs is what trees should see.
    rates.own - rates.group,
    Math.log1p(counts.own.exposure),
    rates.others - rates.group,
    Math.log1p(counts.others.exposure),
    rates.group,
    rates.brand,
    discount,
    discount - recent.usualDiscount,
    logPrice,
    logPrice - groupPrice,
    age,
    weeksLeft,
    Math.sin(turn),
    Math.cos(turn),
    recent.availability,
    Math.log1p(recent.sales),
  ];
  for (let at = 0; at < values.length; at++) columns[at]![row] = values[at]!;
}
