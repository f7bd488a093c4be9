import type { LimitProblem } from '../limits/limit-problem.ts';
import { articleName, type ArticleRule } from './article-rules.ts';
import type { ArticleLevels } from './article-levels.ts';
import type { LimitArrays } from './article-limits.ts';
import type { ArticleTable } from './article-table.ts';

/**
 * Looks for markets whose limits forbid every step from today's discount to the first week: what was decided before them, they may
 * have no way out of.
 * @param table all articles
 * @param article row
 * @param rules of all articles
 * @param levels of the article
 * @param limits what may be chosen
 * @returns a problem for each market, with the lines that hold for it
 */
export function firstStepProblems(
  table: ArticleTable,
  article: number,
  rules: readonly ArticleRule[],
  levels: ArticleLevels,
  limits: LimitArrays,
): LimitProblem[] {
  const first = table.offsets[article]!;
  const [T, L] = [table.end[article]!, levels.discounts.length];
  return Array.from(levels.current, (today, m): LimitProblem[] => {
    if (today === -1) return [];
    const now = levels.discounts[today]!;
    const since = table.sinceChange[first + m]!;
    const mayChange = limits.maximumChanges[m] !== 0 && (since < 0 || since >= limits.weeksBetween[m]!);
    const permits = (level: number, l: number): boolean =>
      limits.allowed[m * T * L + l] === 1 &&
      (l === today ||
        (mayChange &&
          Math.abs(level - now) <= limits.largestStep[m]! &&
          (limits.deepenOnly[m] === 0 || level > now)));
    if (levels.discounts.some(permits)) return [];
    const own = rules.filter(
      ({ articles, markets, begin }) =>
        begin === 0 && articles?.[article] !== 0 && markets?.[table.market[first + m]!] !== 0,
    );
    const lines = [...new Set(own.map(({ limit }) => limit.line))];
    const market = table.markets.strings('market');
    const name = market.dictionary[market.values[table.market[first + m]!]!];
    return [
      {
        line: lines.at(-1) ?? 0,
        text: `contradiction: the limits of ${lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(', ')}`} leave no step from today's discount ${now} of article ${articleName(table.articles, article)}, market ${name}`,
      },
    ];
  }).flat();
}
