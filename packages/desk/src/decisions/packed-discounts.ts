import type { Found } from './journal.ts';

/** Discounts of several weeks, as a row of the journal holds them. */
export interface PackedDiscounts {
  /** Of all weeks, where it is one; else null. */
  readonly discount: number | null;
  /** Of each week, doubles; null where it is one. */
  readonly discounts: Uint8Array | null;
}

/**
 * @param discounts of each week, NaN where none is decided
 * @returns them for the journal
 */
export function packDiscounts(discounts: Float64Array): PackedDiscounts {
  const [first] = discounts;
  if (first === undefined) return { discount: null, discounts: null };
  if (discounts.every((discount) => discount === first)) return { discount: first, discounts: null };
  return { discount: null, discounts: new Uint8Array(discounts.slice().buffer) };
}

/**
 * @param row of the journal
 * @param weeks how many there are
 * @returns the discount of each, NaN where none is decided
 */
export function unpackDiscounts(row: Found, weeks: number): Float64Array {
  const packed = row['discounts'];
  if (packed instanceof Uint8Array) return new Float64Array(packed.slice().buffer);
  const discount = row['discount'];
  return new Float64Array(weeks).fill(discount === null || discount === undefined ? NaN : Number(discount));
}
