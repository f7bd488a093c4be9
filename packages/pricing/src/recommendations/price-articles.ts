import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import { coordinate, type Coordination, type CoordinationStep } from '../coordinator/coordinate.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { BadArticle } from '../inputs/bad-articles.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import { withPortfolio, type PortfolioOptions } from './open-portfolio.ts';
import { OPTIMISM_DEFAULTS, optimismShare, planOptimism } from './optimism.ts';
import { Recommender } from './recommend.ts';

/** What is decided, and how. */
export interface PriceArticlesOptions extends PortfolioOptions {
  readonly limits: PricingLimits;
  readonly settings: Pick<PricingSettings, 'variableCostShare' | 'certain'>;
  /** Fraction of what holding today's discounts earns that a change of an article has to earn more. */
  readonly minimumGain: number;
  /** Gap that is good enough. */
  readonly gap: number;
  /** Evaluations of all articles, at most. */
  readonly evaluations: number;
  /** Discounts that are fixed besides those of limits, NaN where none is [N·T]. */
  readonly planned?: Float64Array | null;
  readonly onStep?: (step: CoordinationStep) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Plans of all articles, and what makes tables of them. */
export interface PricedArticles {
  readonly found: Coordination;
  readonly portfolio: ArticlePortfolio;
  /** Without the articles that are left out. */
  readonly table: ArticleTable;
  readonly recommender: Recommender;
  /** Share of the planned profit that is owed to errors of the forecast, estimated. */
  readonly optimism: number;
  /** Articles that cannot be priced, and why. */
  readonly leftOut: readonly BadArticle[];
}

/**
 * Prices the articles of a table.
 * @param table forecasts and data
 * @param options limits, minimum gain, when to end
 * @returns plans
 * @throws ConfigurationError for limits that contradict the data
 * @throws DataError that names all articles that cannot be priced, unless they are left out
 */
export async function priceArticles(
  table: ArticleTable,
  options: PriceArticlesOptions,
): Promise<PricedArticles> {
  const { limits, settings, minimumGain, planned = null, gap, evaluations } = options;
  const parts = { table, limits, settings, planned, minimumGain };
  return withPortfolio(parts, options, async (open) => {
    const { portfolio, solved, highs, leftOut } = open;
    const { filler, linking } = portfolio;
    const found = await coordinate(solved, highs, { gap, evaluations }, options);
    const plans = { levels: found.levels, offsets: portfolio.planOffsets };
    const optimism = optimismShare(
      planOptimism(filler, linking, found.multipliers, plans, OPTIMISM_DEFAULTS),
    );
    const recommender = new Recommender(open.table, portfolio, found);
    return { found, portfolio, table: open.table, recommender, optimism, leftOut };
  });
}
