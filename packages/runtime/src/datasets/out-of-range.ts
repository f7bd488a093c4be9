import type { Role } from '@hemline/core';
import type { Settlement } from './problems.ts';

/** What a value out of range most likely is, and what a person can do about it that does not lead into the next error. */
export interface OutOfRange {
  readonly kind: string;
  readonly remedy: string;
  readonly settlement?: Settlement;
}

/** What a discount is, for the remedies. */
const MEANING = 'A discount is 1 − sales price / black price';
const GIFT: OutOfRange = {
  kind: 'given away',
  remedy: `${MEANING}: at 1 the price is 0, and what is given away is no demand. Leave demand and discount of the week empty (null), or say "gifts": "missing" for weekly in dataset.json.`,
  settlement: { setting: 'gifts', values: ['missing'] },
};
const WITHOUT_LIST_PRICE: OutOfRange = {
  kind: 'a black price of 0',
  remedy: `${MEANING}: of a black price of 0 there is none. Leave it empty (null) where it is not known, or say "gifts": "missing" for weekly in dataset.json.`,
  settlement: { setting: 'gifts', values: ['missing'] },
};

/**
 * @param role of the column
 * @param value that lies out of its range
 * @returns what to say about it
 */
export function outOfRange(role: Role, value: number): OutOfRange {
  if (Number.isNaN(value))
    return { kind: 'a value is NaN', remedy: 'Where it is not known, leave it empty (null).' };
  if (!Number.isFinite(value))
    return { kind: 'a value is infinite', remedy: 'Correct it, or leave it empty (null).' };
  if (role.name === 'discount') return discountOutOfRange(value);
  if (role.name === 'demand' || role.name === 'sales')
    return {
      kind: 'net sales below zero',
      remedy:
        'More came back than was sold: leave it empty (null) in such a week, and keep returns in the table returns (taking the row out would leave a week out); or say "netSales": "missing" or "zero" for weekly in dataset.json.',
      settlement: { setting: 'netSales', values: ['missing', 'zero'] },
    };
  if (role.name === 'price' && value === 0) return GIFT;
  if (role.name === 'blackPrice' && value === 0) return WITHOUT_LIST_PRICE;
  if (role.name === 'propensity')
    return {
      kind: 'no probability of what happened',
      remedy:
        'A discount that was set was drawn with a probability above 0 and at most 1: correct it, or leave it empty (null) where no lot was drawn.',
    };
  return {
    kind: 'a value below zero',
    remedy: role.nullable ? 'Correct it, or leave it empty (null).' : 'Correct it, or take the row out.',
  };
}

function discountOutOfRange(value: number): OutOfRange {
  if (value === 1) return GIFT;
  if (value < 0 && value > -1)
    return {
      kind: 'price above the black price',
      remedy: `${MEANING}: below 0 the price is above the black price. Say what that means as "pricesAbove" of weekly in dataset.json: "undiscounted", or "raise-black-price" where the black price is too low.`,
      settlement: { setting: 'pricesAbove', values: ['undiscounted', 'raise-black-price'] },
    };
  return { kind: 'not a discount', remedy: `${MEANING}: a fraction, not per cent.` };
}
