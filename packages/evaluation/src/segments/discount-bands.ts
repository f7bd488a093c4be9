/** Upper ends of the bands of discounts but the last. */
const BAND_ENDS = [0.005, 0.2, 0.4, 0.6];

/** Bands of discounts that are scored by themselves, from none to deep. */
export const DISCOUNT_BANDS = ['none', 'below 20 %', '20 to 40 %', '40 to 60 %', '60 % and more'] as const;

/**
 * @param discount fraction of the black price
 * @returns position of its band in {@link DISCOUNT_BANDS}
 */
export function discountBand(discount: number): number {
  return BAND_ENDS.filter((end) => discount >= end).length;
}
