import { coordinate, type Coordination, type CoordinationStep } from '../coordinator/coordinate.ts';
import { loadHighs } from '../coordinator/load-highs.ts';
import { portfolioOf } from '../coordinator/thread-messages.ts';
import { ThreadedPortfolio } from '../coordinator/threaded-portfolio.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import { OPTIMISM_DEFAULTS, planOptimism } from './optimism.ts';
import { Recommender } from './recommend.ts';

/** What is decided, and how. */
export interface PriceArticlesOptions {
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
  /** Threads that solve articles; whatever the number, the plans are the same. 1 by default. */
  readonly threads?: number | undefined;
  readonly onStep?: (step: CoordinationStep) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Plans of all articles, and what makes tables of them. */
export interface PricedArticles {
  readonly found: Coordination;
  readonly recommender: Recommender;
  /** Share of the planned profit that is owed to errors of the forecast, estimated. */
  readonly optimism: number;
}

/**
 * Prices the articles of a table.
 * @param table forecasts and data
 * @param options limits, minimum gain, when to end
 * @returns plans
 * @throws ConfigurationError for limits that contradict the data
 * @throws DataError for an article whose limits leave no plan
 */
export async function priceArticles(
  table: ArticleTable,
  options: PriceArticlesOptions,
): Promise<PricedArticles> {
  const { limits, settings, minimumGain, planned = null, gap, evaluations, threads = 1 } = options;
  const parts = { table, limits, settings, planned, minimumGain };
  const portfolio = portfolioOf(parts);
  const { filler, linking } = portfolio;
  filler.check(limits.file);
  const threaded = threads > 1 ? new ThreadedPortfolio(portfolio, parts, threads) : null;
  const highs = await loadHighs();
  const found = await coordinate(threaded ?? portfolio, highs, { gap, evaluations }, options).finally(() =>
    threaded?.close(),
  );
  const plans = { levels: found.levels, offsets: portfolio.planOffsets };
  const optimism = planOptimism(filler, linking, found.multipliers, plans, OPTIMISM_DEFAULTS);
  return { found, recommender: new Recommender(table, portfolio, found), optimism };
}
