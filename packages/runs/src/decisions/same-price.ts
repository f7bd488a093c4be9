/** Prices that a shop rounds to the cent are the same. */
const CENT = 0.005;

/** Discounts are as near where no list price is known. */
const NEAR = 1e-4;

/**
 * @param a a discount
 * @param b another
 * @param listPrice of the article; NaN: not known
 * @returns whether they are one price, to the cent; not where one is not known
 */
export function isSamePrice(a: number, b: number, listPrice: number): boolean {
  const apart = Math.abs(a - b);
  // A difference of exactly half a cent is one of rounding.
  return Number.isNaN(listPrice) ? apart <= NEAR : apart * listPrice <= CENT * (1 + 1e-9);
}
