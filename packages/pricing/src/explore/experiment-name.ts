/**
 * An experiment is what drew from the same discounts: only weeks that could have had the same ones can be compared by their propensity.
 * @param name of what drew, such as a run
 * @param discounts that could be drawn, rising
 * @returns name of the experiment: what drew, and the discounts
 */
export function experimentName(name: string, discounts: readonly number[]): string {
  return `${name} ${discounts.join(' ')}`;
}
