import { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import { coordinate, type Coordination, type CoordinationStep } from '../coordinator/coordinate.ts';
import { LinkingLimits } from '../coordinator/linking-limits.ts';
import { loadHighs } from '../coordinator/load-highs.ts';
import { compileRules } from '../inputs/article-rules.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { ProblemFiller } from '../inputs/fill-problem.ts';
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
  const { limits, settings, minimumGain, planned = null, gap, evaluations } = options;
  const filler = new ProblemFiller(table, compileRules(limits, table), settings, planned);
  const linking = new LinkingLimits(limits, table);
  filler.check(limits.file);
  const portfolio = new ArticlePortfolio(filler, linking, minimumGain);
  const found = await coordinate(portfolio, await loadHighs(), { gap, evaluations }, options);
  const plans = { levels: found.levels, offsets: portfolio.planOffsets };
  const optimism = planOptimism(filler, linking, found.multipliers, plans, OPTIMISM_DEFAULTS);
  return { found, recommender: new Recommender(table, filler, portfolio, linking, found), optimism };
}
