import type { Highs } from 'highs';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import { linkingProblems } from '../coordinator/linking-limits.ts';
import type { Portfolio } from '../coordinator/linking-row.ts';
import { loadHighs } from '../coordinator/load-highs.ts';
import { portfolioOf, type PortfolioParts } from '../coordinator/thread-messages.ts';
import { ThreadedPortfolio } from '../coordinator/threaded-portfolio.ts';
import { compileRules, ruleProblems } from '../inputs/article-rules.ts';
import { pricingOnly, type ArticleTable } from '../inputs/article-table.ts';
import type { BadArticle, BadArticles } from '../inputs/bad-articles.ts';
import { ProblemFiller } from '../inputs/fill-problem.ts';
import { limitsError } from '../limits/limit-problem.ts';

/** How articles are solved, and what becomes of those that cannot be. */
export interface PortfolioOptions {
  /** Articles that are known not to be priceable, of `BuiltTable`; others are looked for. */
  readonly bad: BadArticles;
  /** Whether the others are priced where some cannot be; by default one error names these before anything is solved. */
  readonly leaveOutBad?: boolean | undefined;
  /** Threads that solve articles; whatever the number, the plans are the same. 1 by default. */
  readonly threads?: number | undefined;
}

/** A portfolio that is ready to be solved, and what solves it. */
export interface OpenPortfolio {
  /** Without the articles that are left out. */
  readonly table: ArticleTable;
  /** In this thread. */
  readonly portfolio: ArticlePortfolio;
  /** The same, solved in threads where there are several. */
  readonly solved: Portfolio;
  readonly highs: Highs;
  readonly leftOut: readonly BadArticle[];
}

/**
 * Checks all articles, starts threads, and ends them when the work is done.
 * @param parts of the portfolio
 * @param options threads, what becomes of bad articles
 * @param work with the portfolio
 * @returns what the work returns
 * @throws ConfigurationError for limits that contradict the data
 * @throws DataError that names the articles that cannot be priced
 */
export async function withPortfolio<T>(
  parts: PortfolioParts,
  options: PortfolioOptions,
  work: (open: OpenPortfolio) => Promise<T>,
): Promise<T> {
  const { table, leftOut } = withoutBad(parts, options);
  const kept = { ...parts, table };
  const portfolio = portfolioOf(kept);
  const highs = await loadHighs();
  const { threads = 1 } = options;
  const threaded = threads > 1 ? new ThreadedPortfolio(portfolio, kept, threads) : null;
  try {
    return await work({ table, portfolio, solved: threaded ?? portfolio, highs, leftOut });
  } finally {
    await threaded?.close();
  }
}

/** An article that is left out is one that is not on sale in any week. */
function withoutBad(
  { table, limits, settings, planned }: PortfolioParts,
  { bad, leaveOutBad = false }: PortfolioOptions,
): { readonly table: ArticleTable; readonly leftOut: readonly BadArticle[] } {
  // What is misspelt is told at once, in both lists of the file.
  const problems = [...ruleProblems(limits, table), ...linkingProblems(limits, table)];
  if (problems.length > 0) throw limitsError(limits.file, problems);
  const filler = new ProblemFiller(table, compileRules(limits, table), settings, planned);
  filler.check(bad);
  const isPriced = (article: number): boolean => filler.isPriced(article);
  const leftOut = bad.list(isPriced);
  if (leftOut.length === 0) return { table, leftOut };
  const priced = Array.from({ length: filler.articles }, (_, a) => a).filter(isPriced).length;
  if (!leaveOutBad || leftOut.length === priced) throw bad.error(leftOut, priced, limits.file);
  return { table: pricingOnly(table, (a) => !bad.has(a)), leftOut };
}
