import { ConfigurationError } from '@hemline/core';
import type { Policy, Situation } from './policy.ts';

/** What an article is launched at. */
const LIST_PRICE = 0;

/**
 * Never changes a price: what is launched is launched at the list price.
 * @returns the policy
 */
export function holdPolicy(): Policy {
  return {
    name: 'hold',
    decide: ({ level }) => ({ level: level.map((last) => (last === -1 ? LIST_PRICE : last)) }),
  };
}

/**
 * One discount for everything, in every week.
 * @param percent of the list price
 * @returns the policy, `flat-20` for 20
 */
export function flatPolicy(percent: number): Policy {
  const name = `flat-${percent}`;
  return {
    name,
    decide: ({ level, discounts }) => ({ level: level.map(() => levelOf(name, percent / 100, discounts)) }),
  };
}

/**
 * What the market's own planner would set: a rule of stock cover.
 * @returns the policy
 */
export function plannerPolicy(): Policy {
  return { name: 'planner', decide: ({ plannerLevel }) => ({ level: plannerLevel.slice() }) };
}

function levelOf(name: string, discount: number, discounts: Situation['discounts']): number {
  const level = discounts.findIndex((each) => Math.abs(each - discount) < 1e-9);
  if (level !== -1) return level;
  throw new ConfigurationError(`${name} sets a discount that the market does not have`, {
    expected: `one of ${[...discounts].join(', ')}`,
    found: String(discount),
    remedy: 'Choose another policy, or another grid.',
  });
}
