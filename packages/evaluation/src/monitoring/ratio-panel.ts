import type { Week } from '@hemline/core';

/** Groups that articles are dealt into: enough for a standard error, few enough to cost nothing. */
export const ARTICLE_GROUPS = 64;

/** On which scale ratios are compared: logs, of things that scale; the ratio itself, of shares. */
export type RatioScale = 'log' | 'plain';

/**
 * The group of an article: a hash (FNV-1a), so that all of its rows are in one group, whichever partition they come from.
 * @param article its name
 * @returns 0 to {@link ARTICLE_GROUPS} − 1
 */
export function articleGroup(article: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < article.length; i++) hash = Math.imul(hash ^ article.charCodeAt(i), 0x01000193);
  // The low bits of the plain hash follow the last character too closely.
  return ((hash ^ (hash >>> 15)) >>> 0) % ARTICLE_GROUPS;
}

/**
 * Sums of a numerator and a denominator by week and group of articles: what a ratio of any weeks and its standard error are made
 * of. Memory is a few kilobytes a week, whatever the number of rows.
 */
export class RatioPanel {
  readonly #weeks = new Map<Week, Float64Array>();
  #rows = 0;

  /** Rows added. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * @param week of the row
   * @param group of its article
   * @param numerator to add
   * @param denominator to add
   */
  add(week: Week, group: number, numerator: number, denominator: number): void {
    let sums = this.#weeks.get(week);
    if (sums === undefined) this.#weeks.set(week, (sums = new Float64Array(2 * ARTICLE_GROUPS)));
    sums[2 * group]! += numerator;
    sums[2 * group + 1]! += denominator;
    this.#rows++;
  }

  /**
   * @param week of the rows
   * @returns numerator and denominator of each group, in turn, not to be changed; null where the week has no rows
   */
  weekSums(week: Week): Float64Array | null {
    return this.#weeks.get(week) ?? null;
  }

  /**
   * @param weeks to add up
   * @returns numerator and denominator of each group, in turn
   */
  sums(weeks: readonly Week[]): Float64Array {
    const total = new Float64Array(2 * ARTICLE_GROUPS);
    for (const week of weeks) this.#weeks.get(week)?.forEach((value, i) => (total[i]! += value));
    return total;
  }
}
