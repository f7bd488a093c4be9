import { ConfigurationError, DataError } from '@hemline/core';
import type { ArticleProblem } from './article-problem.ts';

/**
 * Refuses what no plan can be made for.
 * @param problem the article
 * @throws {DataError} naming article, market and week, both counted from 1
 */
export function checkArticle(problem: ArticleProblem): void {
  const { article, markets, weeks, levelCount, stocks } = problem;
  if (markets < 1 || weeks < 1 || levelCount < 1 || levelCount > 255 || stocks < 1) {
    throw new ConfigurationError(`article ${article} has nothing to decide`, {
      expected: 'at least one market, week and stock, and 1 to 255 levels',
      found: `${markets} markets, ${weeks} weeks, ${stocks} stocks, ${levelCount} levels`,
    });
  }
  for (let stock = 0; stock < stocks; stock++) {
    if (!(problem.stock[stock] >= 0 && problem.stock[stock] < Infinity)) {
      throw wrong(problem, `stock ${stock + 1}`, 'units in stock', 'at least 0', problem.stock[stock]);
    }
    for (let week = 0; week < weeks; week++) {
      const units = problem.deliveries[stock * weeks + week];
      if (!(units >= 0 && units < Infinity)) {
        throw wrong(problem, `stock ${stock + 1}, week ${week + 1}`, 'a delivery', 'at least 0 units', units);
      }
    }
  }
  for (let market = 0; market < markets; market++) {
    const stock = problem.stockOf[market];
    if (!(stock >= 0 && stock < stocks)) {
      throw wrong(problem, `market ${market + 1}`, 'the place of its stock', `0 to ${stocks - 1}`, stock);
    }
    for (let week = 0; week < weeks; week++) checkWeek(problem, market, week);
  }
}

function checkWeek(problem: ArticleProblem, market: number, week: number): void {
  const { weeks, levelCount } = problem;
  const dispersion = problem.dispersion[market * weeks + week];
  if (!problem.certain && !(dispersion >= 0 && dispersion < Infinity)) {
    throw wrong(problem, placeOf(market, week), 'the dispersion of demand', 'at least 0', dispersion);
  }
  let isAnyAllowed = false;
  for (let level = 0; level < levelCount; level++) {
    const at = (market * weeks + week) * levelCount + level;
    if (problem.limits.allowed[at] !== 1) continue;
    isAnyAllowed = true;
    const demand = problem.demand[at];
    if (!(demand >= 0 && demand < Infinity)) {
      throw wrong(problem, placeOf(market, week, level), 'expected demand', 'at least 0', demand);
    }
    if (!Number.isFinite(problem.margin[at])) {
      throw wrong(problem, placeOf(market, week, level), 'the margin', 'a number', problem.margin[at]);
    }
    const rate = problem.returnRate[at];
    if (!(rate >= 0 && rate <= 1)) {
      throw wrong(problem, placeOf(market, week, level), 'the return rate', '0 to 1', rate);
    }
  }
  if (!isAnyAllowed) {
    throw new DataError(`no discount is allowed for article ${problem.article} in ${placeOf(market, week)}`, {
      expected: 'at least one level that limits, fixed prices and guards leave',
      remedy: 'Relax one of its limits for that week.',
    });
  }
}

/** Only where something is wrong: texts take longer than checks. */
function placeOf(market: number, week: number, level?: number): string {
  const place = `market ${market + 1}, week ${week + 1}`;
  return level === undefined ? place : `${place}, level ${level + 1}`;
}

function wrong(
  problem: ArticleProblem,
  where: string,
  what: string,
  expected: string,
  found: number,
): DataError {
  return new DataError(`${what} of article ${problem.article} in ${where} cannot be used`, {
    expected,
    found: String(found),
    remedy: 'Correct the forecast or the data that it comes from.',
  });
}
