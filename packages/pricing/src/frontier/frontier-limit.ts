import { ConfigurationError, listing, nearest } from '@hemline/core';
import type { LinkingLimits } from '../coordinator/linking-limits.ts';
import type { BusinessLimit, PricingLimits } from '../limits/limits-schema.ts';
import type { ViewedRow } from './portfolio-views.ts';

/** Two rates whose rows make up the row of any other: it is linear in the rate. */
const RATES = [0, 0.5] as const;

/** The limit that is moved, and the limits that its rows are made of at any value. */
export interface FrontierLimit {
  readonly limit: BusinessLimit;
  /** The others as they are, then what the moved one is made of. */
  readonly limits: PricingLimits;
}

/**
 * Finds the limit of the business that is to be moved.
 * @param limits as the file states them
 * @param name of one of the business
 * @returns it, and limits for a portfolio under whose rows every value can be viewed
 * @throws ConfigurationError where there is none of the name, or several
 */
export function frontierLimit(limits: PricingLimits, name: string): FrontierLimit {
  const found = limits.business.filter((each) => each.name === name);
  const [limit] = found;
  if (limit === undefined || found.length > 1) throw notOne(limits, name, found);
  const others = limits.business.filter((each) => each !== limit);
  const rates = limit.limit === 'discount-rate' ? RATES : [0];
  const made = rates.map((upper): BusinessLimit => ({
    ...limit,
    ...{ lower: undefined, upper, price: undefined },
  }));
  return { limit, limits: { ...limits, business: [...others, ...made] } };
}

/**
 * The rows of a portfolio of {@link frontierLimit} with the limit at a value.
 * @param linking limits of the portfolio
 * @param limit that is moved
 * @param bound at least or at most a value; null: without the limit
 * @returns the rows: those of the others, then that of the limit
 */
export function rowsAt(
  linking: LinkingLimits,
  { limit }: FrontierLimit,
  bound: { readonly value: number; readonly isUpper: boolean } | null,
): readonly ViewedRow[] {
  const isRate = limit.limit === 'discount-rate';
  const made = linking.rows.length - (isRate ? RATES.length : 1);
  const others = linking.rows.slice(0, made).map((row, r) => ({ ...row, terms: [{ row: r, weight: 1 }] }));
  if (bound === null) return others;
  const { value } = bound;
  const sign = bound.isUpper ? 1 : -1;
  // Σ (discount − rate · list price) · units is at rate r: its value at 0, and r times the way from there to the value at 1.
  const share = value / RATES[1];
  const terms = isRate
    ? [
        { row: made, weight: sign * (1 - share) },
        { row: made + 1, weight: sign * share },
      ]
    : [{ row: made, weight: sign }];
  return [...others, { name: limit.name, bound: isRate ? 0 : sign * value, price: null, terms }];
}

function notOne(
  { file, business }: PricingLimits,
  name: string,
  found: readonly BusinessLimit[],
): ConfigurationError {
  const names = business.map((each) => each.name);
  const close = nearest(name, names);
  if (found.length > 1)
    return new ConfigurationError(`several limits are called ${name}`, {
      expected: 'a name of one limit of the business',
      found: `it in the lines ${listing(
        found.map(({ line }) => line),
        10,
      )}`,
      where: { file },
      remedy: 'Give each a name of its own.',
    });
  return new ConfigurationError(`there is no limit of the business called ${name}`, {
    expected: names.length === 0 ? 'a limit below business' : `one of ${listing(names, 20)}`,
    where: business.length === 0 ? {} : { file },
    remedy:
      close === undefined
        ? names.length === 0
          ? 'State it in a file of limits, with any bound, and name that file with --limits.'
          : 'Name one of these.'
        : `Did you mean ${close}?`,
  });
}
