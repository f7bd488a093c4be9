import { Batch, type Column, type PackedError } from '@hemline/core';
import { compileRules } from '../inputs/article-rules.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { ProblemFiller } from '../inputs/fill-problem.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import { ArticlePortfolio, type ArticleShare } from './article-portfolio.ts';
import { LinkingLimits } from './linking-limits.ts';
import type { Evaluation } from './linking-row.ts';

/** What a portfolio of articles is made of. */
export interface PortfolioParts {
  readonly table: ArticleTable;
  readonly limits: PricingLimits;
  readonly settings: Pick<PricingSettings, 'variableCostShare' | 'certain'>;
  /** Discounts that are fixed besides those of limits, NaN where none is [N·T]. */
  readonly planned: Float64Array | null;
  readonly minimumGain: number;
}

/** A table whose batches are plain data, as threads are given it; what is shared stays shared. */
export type PlainTable = Omit<ArticleTable, 'articles' | 'markets'> & {
  readonly articles: ReadonlyMap<string, Column>;
  readonly markets: ReadonlyMap<string, Column>;
};

/** What a thread is started with. */
export interface ThreadData extends Omit<PortfolioParts, 'table'> {
  readonly table: PlainTable;
  readonly share: ArticleShare;
}

/** What a thread is asked. */
export type ThreadRequest =
  | { readonly kind: 'evaluate'; readonly multipliers: Float64Array; readonly every: number }
  | { readonly kind: 'vary'; readonly levels: Uint8Array; readonly round: number };

/** What it answers: the evaluation of its share, or why there is none. */
export type ThreadReply = { readonly found: Evaluation } | { readonly error: PackedError };

/**
 * @param table of batches
 * @returns the same as plain data
 */
export function plainTable({ articles, markets, ...arrays }: ArticleTable): PlainTable {
  return { ...arrays, articles: new Map(articles.columns), markets: new Map(markets.columns) };
}

/**
 * @param table as plain data
 * @returns the same, of batches
 */
export function tableOf({ articles, markets, ...arrays }: PlainTable): ArticleTable {
  return { ...arrays, articles: new Batch(articles), markets: new Batch(markets) };
}

/**
 * Makes a portfolio: the same in every thread.
 * @param parts table, limits, settings
 * @param share articles that are solved; all by default
 * @returns the portfolio
 */
export function portfolioOf(
  { table, limits, settings, planned, minimumGain }: PortfolioParts,
  share?: ArticleShare,
): ArticlePortfolio {
  const filler = new ProblemFiller(table, compileRules(limits, table), settings, planned);
  return new ArticlePortfolio(filler, new LinkingLimits(limits, table), minimumGain, share);
}
