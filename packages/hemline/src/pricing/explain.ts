import { formatWeek } from '@hemline/core';
import { explainArticle, findScope, priceArticles, type Explanation } from '@hemline/pricing';
import { findPricingWork, readPricing, type PricingOptions } from './pricing-work.ts';

/** What is explained of an article. */
export interface ExplainOptions extends PricingOptions {
  /** One market; all by default. */
  readonly market?: string;
  /** One week, by its first day; all by default. */
  readonly week?: string;
  /** How much more and less discount is compared with the plan; 0.1 by default. */
  readonly step?: number;
}

/** Why an article has its discounts. */
export interface ExplainResult extends Explanation {
  /** The run whose forecasts were priced. */
  readonly forecasts: string;
  readonly cutoff: string;
  /** Whether the plans of all articles keep all limits of the business without a price; where not, they come nearest. */
  readonly isFeasible: boolean;
  readonly assumptions: readonly string[];
  readonly seconds: number;
}

/**
 * Why the discounts of an article are what they are: what the plan earns, part by part and week by week, what more and less discount
 * would, and what forbids it. All articles are priced for it, since limits of the business bind them together; nothing is recorded.
 * @param article its name
 * @param run whose forecasts are priced: its id, the beginning of it, or `latest`
 * @param options limits, which market and week
 * @returns the explanation
 * @throws ConfigurationError for an article, market or week that is not priced
 */
export async function explainPrice(
  article: string,
  run = 'latest',
  options: ExplainOptions = {},
): Promise<ExplainResult> {
  const began = performance.now();
  const work = await findPricingWork(run, options);
  const { market, week, step, onProgress } = options;
  const { inputs, pricing } = await readPricing(work, options);
  // A misspelt name is told before anything is solved.
  findScope(inputs.table, { article, market, week, step });
  const priced = await priceArticles(inputs.table, {
    ...pricing,
    onStep: ({ evaluations: done }) =>
      onProgress?.('price', { phase: 'price', done, total: pricing.evaluations, unit: 'evaluations' }),
  });
  options.onDone?.('price');
  return {
    ...explainArticle(priced, pricing, { article, market, week, step }),
    ...{ forecasts: work.known.record.run, cutoff: formatWeek(inputs.cutoff) },
    ...{ isFeasible: priced.found.choice.isFeasible, assumptions: inputs.assumptions },
    ...{ seconds: (performance.now() - began) / 1000 },
  };
}
