import type { decisions } from '@hemline/hemline';
import type { PricingSummary } from '@hemline/pricing/job';
import type { LimitNow } from '../api/index.ts';
import type { PriceList } from '../list/price-list.ts';
import { Appraiser, limitRows, limitsOf, type AppraiserOptions } from './appraiser.ts';

/** Articles that are kept once they have been read by themselves. */
const MOST_KEPT = 64;

/** Articles that are read for one answer, at most: each takes its part of a second. */
export const MOST_READ = 100;

/** Tells what decisions come to: from forecasts that are all in memory, or from those of the articles that are asked for. */
export interface Appraisers {
  /** Knows all articles; null where each is read when it is asked for. */
  readonly whole: Appraiser | null;
  /**
   * @param article name, of one that is in the list
   * @returns what tells of it; null where its forecasts cannot be read
   */
  of(article: string): Promise<Appraiser | null>;
  /**
   * @param effects changes by decisions, all articles together, as {@link Appraiser.effect} tells them; null: not known
   * @returns the limits as they are
   */
  limitsNow(effects: Float64Array | null): LimitNow[];
}

/**
 * @param whole appraiser of all articles
 * @returns what answers from it
 */
export function appraisersOf(whole: Appraiser): Appraisers {
  return { whole, of: () => Promise.resolve(whole), limitsNow: (effects) => whole.limitsNow(effects) };
}

/**
 * Reads each article when it is asked for: of a run whose forecasts are too many to be held.
 * @param priced the run
 * @param summary of it
 * @param list of its prices
 * @param options where runs and data are; who is told of an article that cannot be read
 * @returns what tells of single articles
 */
export async function articleAppraisers(
  priced: decisions.PricedRun,
  summary: PricingSummary,
  list: PriceList,
  options: AppraiserOptions & { readonly onFailure?: (article: string, error: unknown) => void },
): Promise<Appraisers> {
  const limits = await limitsOf(priced, options);
  const kept = new Map<string, Promise<Appraiser | null>>();
  const { weeks, markets } = list;
  const survey = { markets: markets.texts.toSorted(), first: weeks[0]!, last: weeks.at(-1)! };
  let last: Promise<unknown> = Promise.resolve();
  const read = (article: string): Promise<Appraiser | null> => {
    // One after the other: a row group in memory at a time.
    const reading = last.then(() =>
      Appraiser.open(priced, summary, { ...options, only: { articles: [article], ...survey } }),
    );
    last = reading.catch(() => undefined);
    return reading.catch((error: unknown) => {
      kept.delete(article);
      options.onFailure?.(article, error);
      return null;
    });
  };
  return {
    whole: null,
    of(article) {
      const found = kept.get(article) ?? read(article);
      kept.delete(article);
      kept.set(article, found);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT) kept.delete(oldest!);
      return found;
    },
    limitsNow(effects) {
      const sums = limits === null || effects === null ? null : plannedSums(summary, limits.business, list);
      const now = new Map<string, number>();
      sums?.forEach((sum, i) => {
        if (sum === null) return;
        const value = sum.value + (effects![2 * i] ?? 0);
        now.set(sum.name, sum.isRate ? value / (sum.base + (effects![2 * i + 1] ?? 0)) : value);
      });
      return limitRows(summary, now, limits);
    },
  };
}

/** What a limit adds up under the plan. */
interface PlannedSum {
  readonly name: string;
  readonly isRate: boolean;
  readonly value: number;
  readonly base: number;
}

/**
 * What limits add up under the plan, by what is known without forecasts: units and amounts are told by the summary; a rate by its sales
 * at list prices, which the list has of all weeks and rows. Null: of a rate of some articles, markets or weeks alone they are not known.
 */
function plannedSums(
  summary: PricingSummary,
  business: NonNullable<Appraiser['limits']>['business'],
  list: PriceList,
): (PlannedSum | null)[] {
  let base: number | null = null;
  return business.map(({ name, limit, where, weeks }) => {
    const planned = summary.limits.find((each) => each.limit === name)?.value ?? null;
    if (planned === null) return null;
    if (limit !== 'discount-rate') return { name, isRate: false, value: planned, base: 1 };
    if (where !== undefined || weeks !== undefined) return null;
    base ??= list.listSales.reduce((sum, sales) => sum + sales, 0);
    return { name, isRate: true, value: planned * base, base };
  });
}
