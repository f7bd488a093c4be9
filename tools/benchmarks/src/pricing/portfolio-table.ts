import { Batch, parseWeek, stringsToColumn, weeksAhead } from '@hemline/core';
import type { ArticleTable } from '@hemline/pricing';
import { portfolioArticle } from './portfolio-article.ts';

/** Markets of each article. */
export const MARKETS = ['DE', 'FR', 'PL', 'SE'] as const;
const GROUPS = ['shoes', 'shirts', 'coats', 'bags'];
const CUTOFF = parseWeek('2026-01-05');

/**
 * A shop of articles as {@link portfolioArticle} makes them, list prices in the shop today.
 * @param articles how many
 * @param markets names of the markets of each; four by default
 * @param isPool whether they sell from one pool, as they do by default; else each from its share of the stock
 * @returns the table, in memory that threads share
 */
export function portfolioTable(
  articles: number,
  markets: readonly string[] = MARKETS,
  isPool = true,
): ArticleTable {
  const M = markets.length;
  const first = portfolioArticle(1, M, false);
  const [T, L] = [first.weeks, first.levelCount];
  const N = articles * M;
  const floats = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));
  const doubles = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));
  const whole = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
  const table = {
    demand: floats(N * T * L),
    dispersion: floats(N * T),
    support: floats(N).fill(100),
    blackPrice: doubles(N),
    current: doubles(N),
    sinceChange: whole(N).fill(-1),
    returnRate: floats(N * L),
    lags: 0,
    returnLag: floats(0),
    shippingCost: doubles(N),
    returnCost: doubles(N),
    residual: doubles(N),
    stock: doubles(N),
    arrivals: floats(N * T),
    offsets: whole(articles + 1).map((_, a) => a * M),
    market: whole(N).map((_, n) => n % M),
    begin: whole(articles),
    end: whole(articles).fill(T),
  };
  for (let a = 0; a < articles; a++) {
    const { demand, dispersion, margin, levels, stock, residual } = portfolioArticle(a + 1, M, false);
    table.demand.set(demand, a * M * T * L);
    table.dispersion.set(dispersion, a * M * T);
    for (let m = 0; m < M; m++) {
      const n = a * M + m;
      // A unit's profit is price − shipping, the price a line in the discount.
      const at = m * T * L;
      const price = (margin[at]! - margin[at + L - 1]!) / (levels[L - 1]! - levels[0]!);
      table.blackPrice[n] = price;
      table.shippingCost[n] = price - margin[at]!;
      table.residual[n] = residual[0]! / price;
      table.stock[n] = isPool ? stock[0]! : Math.round(stock[0]! / M);
    }
  }
  const names = Array.from({ length: articles }, (_, a) => `A${String(a + 1).padStart(7, '0')}`);
  const groups = names.map((_, a) => GROUPS[a % GROUPS.length]!);
  return {
    ...table,
    articles: new Batch({ article: stringsToColumn(names), group: stringsToColumn(groups) }, articles),
    markets: new Batch({ market: stringsToColumn([...markets]) }, M),
    weeks: weeksAhead(CUTOFF, T),
    discounts: first.levels,
    vat: new Float64Array(M),
    pool: new Int32Array(M).fill(isPool ? 0 : -1),
    deepest: new Float64Array(articles).fill(first.levels[L - 1]!),
    unsure: new Uint8Array(L),
    held: new Uint8Array(articles),
  };
}
