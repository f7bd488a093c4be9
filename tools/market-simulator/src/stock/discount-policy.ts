/** What the shop remembers of an article when it sets discounts. */
export interface PolicyState {
  /** Discount outside campaigns. */
  discount: number;
  /** Week of the article's life in which it last changed. */
  changedAt: number;
  /** Smoothed weekly sales. */
  salesRate: number;
}

/** What the shop knows when it sets the discount of a week. */
export interface PolicySituation {
  /** Full weeks since the launch. */
  readonly age: number;
  /** Weeks until the stock should be gone, this one included. */
  readonly weeksLeft: number;
  /** Share of the article's time on sale that is over, 0 to 1. */
  readonly progress: number;
  /** Units that can be sold: the stock at the start of the week and what of it is expected to be sold twice. */
  readonly stock: number;
  /** Intensity of the campaign, 0 to 1. */
  readonly campaign: number;
}

const INTRODUCTION_WEEKS = 3;
const WEEKS_BETWEEN_CHANGES = 2;
const CAMPAIGN_DISCOUNT = 0.15;
const DEEPEST_DISCOUNT = 0.7;
const SMOOTHING = 0.3;

/**
 * Sets the discount of a week as a markdown planner would: none in the introduction; then deeper by 5 or 10 points where
 * the stock lasts longer than the season at the present rate of sales, 5 points back where it will not; at least
 * 20 to 40 % on what is left in the last quarter of the season; and 15 points more at the height of a campaign. Because
 * it reacts to stock and sales, discounts go to articles that sell badly: discount and demand are confounded.
 * @param state of the article; changed
 * @param situation at the start of the week
 * @returns the discount wanted, in [0, 0.7]
 */
export function decideDiscount(state: PolicyState, situation: PolicySituation): number {
  const { age, weeksLeft, progress, stock, campaign } = situation;
  if (age >= INTRODUCTION_WEEKS && age - state.changedAt >= WEEKS_BETWEEN_CHANGES) {
    const pressure = Math.log((stock + 0.5) / (Math.max(state.salesRate, 0.05) * weeksLeft));
    let next = state.discount;
    if (pressure > 0.7) next += 0.1;
    else if (pressure > 0.15) next += 0.05;
    else if (pressure < -0.5) next -= 0.05;
    if (progress > 0.75 && pressure > -0.3) next = Math.max(next, 0.2 + 0.8 * (progress - 0.75));
    next = Math.min(DEEPEST_DISCOUNT, Math.max(0, next));
    if (next !== state.discount) {
      state.discount = next;
      state.changedAt = age;
    }
  }
  return Math.min(DEEPEST_DISCOUNT, state.discount + CAMPAIGN_DISCOUNT * campaign);
}

/**
 * Lets the planner go on from a discount that another has set.
 * @param state of the article, with what the planner would have set; changed
 * @param before its state before the week
 * @param age full weeks since the launch
 * @param discount that was set
 * @param campaign intensity of the campaign, 0 to 1
 */
export function followDiscount(
  state: PolicyState,
  before: PolicyState,
  age: number,
  discount: number,
  campaign: number,
): void {
  state.discount = Math.min(DEEPEST_DISCOUNT, Math.max(0, discount - CAMPAIGN_DISCOUNT * campaign));
  state.changedAt = Math.abs(state.discount - before.discount) > 1e-9 ? age : before.changedAt;
}

/**
 * Takes a week's sales into the smoothed rate.
 * @param state of the article; changed
 * @param sales of the week
 */
export function rememberSales(state: PolicyState, sales: number): void {
  state.salesRate += SMOOTHING * (sales - state.salesRate);
}

/**
 * @param levels rising discounts
 * @param discount wanted
 * @returns index of the nearest level; of the lower one when two are as near
 */
export function nearestLevel(levels: Float64Array, discount: number): number {
  let best = 0;
  for (let level = 1; level < levels.length; level++)
    if (Math.abs(levels[level]! - discount) < Math.abs(levels[best]! - discount) - 1e-9) best = level;
  return best;
}
