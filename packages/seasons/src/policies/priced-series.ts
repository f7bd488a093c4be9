import type { PricingLimits } from '@hemline/pricing';
import type { ShopSituation } from '../market/market.ts';
import type { Decision } from './policy.ts';

/**
 * @param limits of articles and of the business
 * @returns whether there are any
 */
export function isLimited({ articles, business }: PricingLimits): boolean {
  return articles.length > 0 || business.length > 0;
}

/**
 * Series that have to be priced to set the prices of a week: those on sale. Limits of the business also count what is launched later.
 * @param situation of the market
 * @param limits of the business
 * @returns their numbers, rising
 */
export function pricedSeries(
  { onSale, weeksToEnd }: Pick<ShopSituation, 'onSale' | 'weeksToEnd'>,
  { business }: PricingLimits,
): Int32Array {
  const all = Int32Array.from(onSale.keys());
  return all.filter((n) => (business.length > 0 ? weeksToEnd[n]! > 0 : onSale[n] === 1));
}

/**
 * What is left to decide where nothing has to be priced.
 * @param situation of the market
 * @returns the levels as they are, the list price where there is none
 */
export function unchanged({ level }: Pick<ShopSituation, 'level'>): Decision {
  return { level: level.map((last) => Math.max(0, last)) };
}
