import { roundDiscount } from '@hemline/core';
import type { ArticleRule } from './article-rules.ts';
import type { ArticleTable } from './article-table.ts';
import { LEVEL_TOLERANCE } from './defaults.ts';

/** Levels of one article: those of the grid, and those that a person or the shop has chosen between them. */
export interface ArticleLevels {
  /** Rising [L of the article]. */
  readonly discounts: Float64Array;
  /** Position on the grid at or before each, and the way to the next one, in [0, 1), by log of the price [L of the article]. */
  readonly below: Int32Array;
  readonly share: Float64Array;
  /** 1 for those of the grid. */
  readonly onGrid: Uint8Array;
  /** Level of today's discount by market of the article; −1: none is known. */
  readonly current: Int32Array;
}

/**
 * Finds the levels of an article.
 * @param table all articles
 * @param article row
 * @param fixed discounts that a person has fixed, each once
 * @returns its levels
 */
export function articleLevels(table: ArticleTable, article: number, fixed: readonly number[]): ArticleLevels {
  const { discounts: grid, offsets, current } = table;
  const found = new Set<number>(grid);
  const today: number[] = [];
  for (let n = offsets[article]!; n < offsets[article + 1]!; n++) {
    const level = Number.isNaN(current[n]!) ? NaN : snapped(grid, current[n]!);
    today.push(level);
    if (!Number.isNaN(level)) found.add(level);
  }
  for (const discount of fixed) found.add(roundDiscount(discount));
  const discounts = Float64Array.from(found).sort();
  const isOnGrid = new Set(grid);
  const below = new Int32Array(discounts.length);
  const share = new Float64Array(discounts.length);
  const height = (discount: number): number => -Math.log1p(-discount);
  discounts.forEach((discount, l) => {
    let k = 0;
    while (k + 1 < grid.length && grid[k + 1]! <= discount) k++;
    below[l] = k;
    // Beyond the ends of the grid nothing is known: demand is that of the end.
    if (k + 1 < grid.length && discount > grid[k]!)
      share[l] = (height(discount) - height(grid[k]!)) / (height(grid[k + 1]!) - height(grid[k]!));
  });
  return {
    ...{ discounts, below, share },
    onGrid: Uint8Array.from(discounts, (discount) => Number(isOnGrid.has(discount))),
    current: Int32Array.from(today, (level) => (Number.isNaN(level) ? -1 : discounts.indexOf(level))),
  };
}

/**
 * @param grid levels, rising
 * @param discount in the shop
 * @returns the level of the grid that it is meant to be, or itself
 */
function snapped(grid: Float64Array, discount: number): number {
  let best = grid[0]!;
  for (const level of grid) if (Math.abs(level - discount) < Math.abs(best - discount)) best = level;
  return Math.abs(best - discount) <= LEVEL_TOLERANCE ? best : roundDiscount(discount);
}

/**
 * The discounts that rules fix for an article.
 * @param rules of all articles
 * @param table all articles
 * @param article row
 * @param planned discounts that are fixed besides, which rules go before; NaN where none is [N·T]
 * @returns by market of the article and week, NaN where nothing is fixed; null where nothing is at all
 */
export function fixedDiscounts(
  rules: readonly ArticleRule[],
  table: ArticleTable,
  article: number,
  planned: Float64Array | null,
): Float64Array | null {
  const first = table.offsets[article]!;
  const markets = table.offsets[article + 1]! - first;
  const T = table.weeks.length;
  let fixed = planned?.slice(first * T, (first + markets) * T) ?? null;
  for (const { limit, articles, markets: where, begin, end } of rules) {
    if ((limit.discount === undefined && limit.price === undefined) || articles?.[article] === 0) continue;
    fixed ??= new Float64Array(markets * T).fill(NaN);
    for (let m = 0; m < markets; m++) {
      if (where?.[table.market[first + m]!] === 0) continue;
      const discount = limit.discount ?? 1 - limit.price! / table.blackPrice[first + m]!;
      fixed.fill(roundDiscount(discount), m * T + begin, m * T + end);
    }
  }
  return fixed;
}
