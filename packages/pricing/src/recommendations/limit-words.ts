import type { Measure } from '../limits/limits-schema.ts';

const UNITS: Readonly<Record<Exclude<Measure, 'discount-rate'>, string>> = {
  'stock-left': 'unit in stock',
  revenue: 'unit of revenue',
  units: 'unit sold',
  'discount-budget': 'unit of discount',
};

/**
 * What a limit costs, in words. Amounts are in the currency of the data.
 * @param measure of the limit
 * @param name of the limit
 * @param multipliers what a unit of each bound would earn; NaN of a bound that is not there
 * @param multipliers.lower of the lower bound
 * @param multipliers.upper of the upper bound
 * @param base sales at list prices, of a discount rate
 * @returns a sentence
 */
export function limitInWords(
  measure: Measure,
  name: string,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  base: number,
): string {
  const isRate = measure === 'discount-rate';
  const unit = isRate ? 'point' : UNITS[measure];
  // A hundredth of the rate moves its euros by a hundredth of what is sold at list prices.
  const worth = (multiplier: number): string => amount(isRate ? 0.01 * multiplier * base : multiplier);
  const parts: string[] = [];
  if (upper > 0) parts.push(`one ${unit} more would earn ${worth(upper)}`);
  if (lower > 0) parts.push(`one ${unit} less would earn ${worth(lower)}`);
  return parts.length === 0 ? `${name}: costs nothing` : `${name}: ${parts.join(', ')}`;
}

function amount(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
