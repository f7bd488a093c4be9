/**
 * What a line of an invoice is. Every line is exactly one of these:
 *
 * - `noArticle`: the stock code does not begin with five digits (postage, fees, manual corrections, samples, vouchers);
 * - `cancellation`: an article on an invoice whose number begins with C, with a negative quantity: a return;
 * - `contraryCancellation`: the same, with a quantity that is not negative: it says nothing;
 * - `adjustment`: an article on any other invoice, with a quantity that is not positive: the stock was corrected;
 * - `unpriced`: an article, a positive quantity, and a price that is not positive: given away, found, or corrected;
 * - `sale`: any other line.
 */
export const LineKind = {
  sale: 0,
  cancellation: 1,
  noArticle: 2,
  adjustment: 3,
  unpriced: 4,
  contraryCancellation: 5,
} as const;

/** Name of a kind of line. */
export type LineKindName = keyof typeof LineKind;

/** Code of a kind of line. */
export type LineKindCode = (typeof LineKind)[LineKindName];

/**
 * The kind of a line of an article.
 * @param isCancellation whether the invoice's number begins with C
 * @param quantity units
 * @param price of a unit
 * @returns the kind
 */
export function lineKind(isCancellation: boolean, quantity: number, price: number): LineKindCode {
  if (isCancellation) return quantity < 0 ? LineKind.cancellation : LineKind.contraryCancellation;
  if (!(quantity > 0)) return LineKind.adjustment;
  return price > 0 ? LineKind.sale : LineKind.unpriced;
}
