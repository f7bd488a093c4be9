import { openStore, OutputCommit, type Manifest, type Provenance, type Store } from '@hemline/stores';
import type { BadArticle } from '../inputs/bad-articles.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import type { Recommender } from '../recommendations/recommend.ts';
import { claimPricing } from './claim-pricing.ts';
import type { PricingOrigin } from './pricing-origin.ts';
import type { PricingSummary } from './pricing-summary.ts';
import { endTables, writePlans } from './write-plans.ts';

/** What is written beside the tables. */
export interface TablesToWrite {
  readonly provenance: Provenance;
  /** What the recommendations follow from. */
  readonly origin: PricingOrigin;
  readonly recommender: Recommender;
  /** Articles that cannot be priced: a table of them is there where there are some. */
  readonly leftOut: readonly BadArticle[];
  /** @returns what is told of the plans */
  summaryOf(totals: PlanTotals): PricingSummary;
}

/**
 * Writes recommendations, articles and limits, each a file of the output, which is whole when its manifest is there. What an earlier
 * start has committed stays as it is: the same inputs give the same files.
 * @param output folder, URL or store
 * @param parts provenance, inputs, plans
 * @returns what was written, and what the plans come to
 * @throws ConflictError when the output holds recommendations from other inputs
 * @throws ConfigurationError when it belongs to another run
 */
export async function writeTables(
  output: string | Store,
  { provenance, origin, recommender, leftOut, summaryOf }: TablesToWrite,
): Promise<{ readonly manifest: Manifest; readonly summary: PricingSummary }> {
  const store = typeof output === 'string' ? await openStore(output) : output;
  await claimPricing(store, origin);
  const commit = await OutputCommit.open(store, provenance);
  const { totals } = await writePlans(commit, provenance, recommender);
  const summary = summaryOf(totals);
  const limits = recommender.limits();
  return { manifest: await endTables(commit, provenance, { limits, leftOut, summary }), summary };
}

/**
 * What the plans come to, without a file.
 * @param recommender of the plans
 * @returns sums over the articles
 */
export function totalsOf(recommender: Recommender): PlanTotals {
  const rows = recommender.batches();
  for (;;) {
    const next = rows.next();
    if (next.done === true) return next.value;
  }
}
