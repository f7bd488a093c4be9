import type { ItemCounts } from './counts.ts';
import type { RecentWeeks } from './recent-weeks.ts';
import type { ShrunkRates } from './shrunk-rates.ts';

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

/** Cohorts, real or to be forecast: a value each in every array, NaN where unknown. */
export interface CohortFacts {
  readonly counts: ItemCounts;
  readonly rates: ShrunkRates;
  readonly recent: RecentWeeks;
  readonly discount: Float64Array;
  readonly price: Float64Array;
  /** Mean log price of the group. */
  readonly groupPrice: Float64Array;
  readonly saleWeek: Int32Array;
  /** Weeks since the launch at the sale. */
  readonly age: Float64Array;
  /** Weeks to the season's end at the sale. */
  readonly weeksLeft: Float64Array;
}

/**
 * Writes the features of cohorts, but for the attributes.
 * @param facts what is known of them
 * @param columns to write to, in the order of {@link FEATURES}
 * @param start row of the columns that the first one goes to
 */
export function writeFeatures(facts: CohortFacts, columns: readonly Float32Array[], start: number): void {
  const { counts, rates, recent, discount, price, groupPrice, saleWeek } = facts;
  const logPrice = price.map((value) => (value > 0 ? Math.log(value) : NaN));
  const turn = Float64Array.from(saleWeek, (week) => (2 * Math.PI * week) / DAYS_PER_YEAR);
  const features: Readonly<Record<(typeof FEATURES)[number], (at: number) => number>> = {
    // Relative to the group: how the article differs is what trees should see.
    ownRate: (at) => rates.own[at]! - rates.group[at]!,
    ownUnits: (at) => Math.log1p(counts.exposure.own[at]!),
    otherMarketsRate: (at) => rates.others[at]! - rates.group[at]!,
    otherMarketsUnits: (at) => Math.log1p(counts.exposure.others[at]!),
    groupRate: (at) => rates.group[at]!,
    brandRate: (at) => rates.brand[at]!,
    discount: (at) => discount[at]!,
    discountChange: (at) => discount[at]! - recent.usualDiscount[at]!,
    price: (at) => logPrice[at]!,
    relativePrice: (at) => logPrice[at]! - groupPrice[at]!,
    age: (at) => facts.age[at]!,
    weeksLeft: (at) => facts.weeksLeft[at]!,
    yearSine: (at) => Math.sin(turn[at]!),
    yearCosine: (at) => Math.cos(turn[at]!),
    availability: (at) => recent.availability[at]!,
    recentSales: (at) => Math.log1p(recent.sales[at]!),
  };
  FEATURES.forEach((name, column) => {
    const [values, feature] = [columns[column]!, features[name]];
    for (let at = 0; at < discount.length; at++) values[start + at] = feature(at);
  });
}
