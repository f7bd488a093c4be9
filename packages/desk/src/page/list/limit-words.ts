import type { LimitNow } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { texts } from '../texts/texts.ts';

/**
 * @param limit of the business
 * @param formats of its market, or of all
 * @returns how a value of what is limited is written: a rate in percent, units as numbers, revenue as money
 */
export function showOf(limit: Pick<LimitNow, 'measure'>, formats: Formats): (value: number | null) => string {
  switch (limit.measure) {
    case 'discount-rate':
      return formats.percent;
    case 'stock-left':
    case 'units':
      return formats.count;
    case 'revenue':
    case 'discount-budget':
      return formats.money;
    // Where the file of limits is gone nobody knows whether 0.2 is a rate: it is written as it is.
    default:
      return formats.plain;
  }
}

/**
 * @param limit of the business
 * @param formats of all markets
 * @returns its bounds in words
 */
export function boundsOf(limit: LimitNow, formats: Formats): string {
  const show = showOf(limit, formats);
  const { lower, upper } = limit;
  if (lower !== null && upper !== null) return texts.strip.within(show(lower), show(upper));
  if (upper !== null) return texts.strip.atMost(show(upper));
  return lower === null ? '' : texts.strip.atLeast(show(lower));
}

/**
 * How full a limit is: the place of the value between what is allowed, for a small bar.
 * @param limit of the business
 * @returns 0 to 1 of the bar; null where nothing is known
 */
export function fillOf({ lower, upper, now }: LimitNow): number | null {
  if (now === null) return null;
  const end = upper ?? lower;
  if (end === null || end === 0) return null;
  return Math.min(1, Math.max(0, now / end));
}
