import { formatWeek } from '@hemline/core';
import {
  ArticleWorkspace,
  compileRules,
  LinkingLimits,
  parseLimits,
  PRICING_DEFAULTS,
  ProblemFiller,
  type PricingLimits,
} from '@hemline/pricing';
import { MARKETS, portfolioTable } from './portfolio-table.ts';

/** Articles whose plans without limits say what limits are about. */
const SAMPLE = 5000;

/**
 * Eight limits that bind: the discount rate of each market below what is best without limits, a budget of discounts, revenue that
 * must be kept, and, at a price, no more stock left in two groups than without limits. Bounds come from the first articles: of a few
 * hundred, means of skewed amounts say something else than of all, and limits contradict each other.
 * @param articles of the portfolio
 * @returns the limits
 */
export function portfolioLimits(articles: number): PricingLimits {
  const table = portfolioTable(Math.min(SAMPLE, articles));
  const at = formatWeek(table.weeks.at(-1)!);
  const stockLeft = (group: string, upper: number): string =>
    `  - { limit: stock-left, where: { group: ${group} }, at: ${at}, upper: ${upper}, price: 3 }\n`;
  const text = (rates: readonly number[], budget: number, revenue: number, left: readonly number[]): string =>
    'business:\n' +
    MARKETS.map(
      (market, m) => `  - { limit: discount-rate, where: { market: ${market} }, upper: ${rates[m]!} }\n`,
    ).join('') +
    `  - { limit: discount-budget, upper: ${budget} }\n` +
    `  - { limit: revenue, lower: ${revenue} }\n` +
    stockLeft('shoes', left[0]!) +
    stockLeft('coats', left[1]!);
  const none = MARKETS.map(() => 0.5);
  const anything = parseLimits(text(none, 1, 1, [1, 1]), 'limits of the benchmark');
  const filler = new ProblemFiller(table, compileRules(anything, table), PRICING_DEFAULTS);
  const measure = new LinkingLimits(anything, table).measure();
  const workspace = new ArticleWorkspace();
  for (let a = 0; a < filler.articles; a++) {
    filler.fill(a);
    measure.add(filler.problem, workspace.solve(filler.problem), a);
  }
  const found = measure.finish().map(({ value }) => value);
  const sum = (index: number, share: number): number => (share * found[index]! * articles) / filler.articles;
  return parseLimits(
    text(
      MARKETS.map((_, m) => 0.93 * found[m]!),
      sum(4, 0.95),
      sum(5, 0.88),
      [sum(6, 1), sum(7, 1)],
    ),
    'limits of the benchmark',
  );
}
