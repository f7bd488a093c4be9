import type { ArticleLimit, PricingLimits } from './limits-schema.ts';
import { select, SelectionProblem, type Assortment } from './selection.ts';

/** Limits that are about some articles. */
export interface LimitsAbout {
  readonly limits: PricingLimits;
  /** Of those of the business that are left, where they stand among all. */
  readonly business: readonly number[];
}

/**
 * Of limits that all articles are priced by, those that are about some of them: values that none of these has are left out, and so is a limit
 * none of whose values is left.
 * @param limits that are right for all articles
 * @param assortment some of the articles
 * @returns limits that are right for these
 */
export function limitsAbout(limits: PricingLimits, assortment: Assortment): LimitsAbout {
  const business: number[] = [];
  const left = limits.business.flatMap((limit, i) => {
    const where = whereAbout(limit.where, assortment);
    if (where === null) return [];
    business.push(i);
    return [{ ...limit, where }];
  });
  const articles = limits.articles.flatMap((limit) => {
    const where = whereAbout(limit.where, assortment);
    return where === null ? [] : [{ ...limit, where }];
  });
  return { limits: { ...limits, articles, business: left }, business };
}

/** Null: about none of them. */
function whereAbout(where: ArticleLimit['where'], assortment: Assortment): ArticleLimit['where'] | null {
  if (where === undefined) return undefined;
  const found = Object.entries(where).map(
    ([name, values]) => [name, [values].flat().filter((value) => isThere(name, value, assortment))] as const,
  );
  return found.some(([, values]) => values.length === 0) ? null : Object.fromEntries(found);
}

function isThere(name: string, value: string, assortment: Assortment): boolean {
  // A column that is not there is no value that is missing: that is told by whoever takes the limits.
  if (!assortment.articles.has(name) && !assortment.markets.has(name)) return true;
  try {
    select(assortment, { [name]: value });
    return true;
  } catch (error) {
    if (error instanceof SelectionProblem) return false;
    throw error;
  }
}
