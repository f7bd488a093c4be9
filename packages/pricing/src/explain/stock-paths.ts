import { formatWeek } from '@hemline/core';
import type { ArticlePlan } from '../article/article-plan.ts';
import { marketName, type RefusalScope } from './level-refusals.ts';

/** How a stock runs down. */
export interface StockPath {
  /** Markets that sell from it. */
  readonly markets: readonly string[];
  /** Units of each week: there before the sales, with deliveries and returns; sold; left. Null where stock is taken never to run out. */
  readonly weeks: readonly {
    readonly week: string;
    readonly available: number | null;
    readonly sold: number;
    readonly left: number | null;
  }[];
}

/**
 * @param scope of the article
 * @param plan as it was simulated
 * @param begin first week on sale
 * @returns each of its stocks, week by week
 */
export function stockPaths(scope: RefusalScope, plan: ArticlePlan, begin: number): StockPath[] {
  const { problem, table, article } = scope;
  const { markets: M, weeks: T, stocks: S, stockOf } = problem;
  const first = table.offsets[article]!;
  return Array.from({ length: S }, (_, s) => {
    const members = Array.from({ length: M }, (_, m) => m).filter((m) => stockOf[m] === s);
    const isEndless = members.some((m) => table.stock[first + m] === Infinity);
    return {
      markets: members.map((m) => marketName(scope, m)),
      weeks: Array.from({ length: T - begin }, (_, i) => {
        const t = begin + i;
        const sold = members.reduce((sum, m) => sum + plan.sales[m * T + t]!, 0);
        const left = plan.left[s * T + t]!;
        return {
          week: formatWeek(table.weeks[t]!),
          ...{ available: isEndless ? null : left + sold, sold, left: isEndless ? null : left },
        };
      }),
    };
  });
}
