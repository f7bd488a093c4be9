import { roundDiscount } from '@hemline/core';

/** One metric of one part of the rows: a line of a tidy table. */
export interface SegmentRow {
  /** What the rows are parted by: `weekAhead`, `market`, `group`, `discount`, … */
  readonly dimension: string;
  /** The part. */
  readonly value: string;
  /** Where the part stands among those of its dimension, 0 first. */
  readonly position: number;
  readonly metric: string;
  /** Null where it could not be computed. */
  readonly result: number | null;
  /** Forecasts that were compared. */
  readonly rows: number;
}

/** Upper ends of the bands of discounts but the last. */
const BAND_ENDS = [0.005, 0.2, 0.4, 0.6];

/** Bands of discounts that are scored by themselves, from none to deep. */
export const DISCOUNT_BANDS = ['none', 'below 20 %', '20 to 40 %', '40 to 60 %', '60 % and more'] as const;

/**
 * @param discount fraction of the black price
 * @returns position of its band in {@link DISCOUNT_BANDS}
 */
export function discountBand(discount: number): number {
  const level = roundDiscount(discount);
  return BAND_ENDS.filter((end) => level >= end).length;
}
