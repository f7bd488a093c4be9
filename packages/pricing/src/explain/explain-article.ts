import { DataError, formatWeek } from '@hemline/core';
import { planKeepsLimits } from '../article/plan-limits.ts';
import type { PriceArticlesOptions, PricedArticles } from '../recommendations/price-articles.ts';
import { findScope, type ExplainScope } from './explain-scope.ts';
import { ExplainedProblem, type ExplainedPlan } from './explained-problem.ts';
import { levelRefusals, marketName, pathRefusals } from './level-refusals.ts';
import { difference, sumOf, type Parts } from './plan-parts.ts';
import { stockPaths, type StockPath } from './stock-paths.ts';

/** Discounts that are compared with the plan: so much more and less. */
export const EXPLAINED_STEP = 0.1;

/** A week of a market under the plan. */
export interface ExplainedWeek {
  readonly market: string;
  readonly week: string;
  readonly discount: number;
  readonly price: number;
  readonly demand: number;
  readonly sales: number;
  readonly returns: number;
  /** Every level that the article has. */
  readonly levels: readonly {
    readonly discount: number;
    readonly demand: number;
    /** Why it may not be chosen; empty where it may. */
    readonly refusedBy: readonly string[];
  }[];
}

/** The plan with other discounts in the weeks and markets that are asked about. */
export interface Alternative {
  /** −: less discount, +: more. */
  readonly step: number;
  /** Discounts in place of those of the plan, where they differ. */
  readonly changes: readonly {
    readonly market: string;
    readonly week: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** Why it may not be chosen; empty where it may. */
  readonly refusedBy: readonly string[];
  /** What it earns more than the plan, in the currency of the data. */
  readonly parts: Parts;
  /** The same, limits of the business left out: profit alone. */
  readonly profit: number;
  /** Limits of the business at their multipliers, where they make a difference. */
  readonly limits: readonly { readonly limit: string; readonly amount: number }[];
  readonly weeks: readonly ({ readonly week: string } & Parts)[];
  readonly unitsSold: number;
  readonly unitsLeft: number;
  readonly stocks: readonly StockPath[];
}

/** The same level in all weeks and markets that are asked about. */
export interface ExplainedLevel {
  readonly discount: number;
  /** Units demanded there, all together. */
  readonly demand: number;
  /** What the plan would earn more with it; limits of the business at their multipliers included. */
  readonly gain: number;
  /** Weeks and markets in which it may not be chosen, of how many, and why. */
  readonly refused: number;
  readonly of: number;
  readonly refusedBy: readonly string[];
}

/** Why an article has the discounts that are recommended, and what others would come to. */
export interface Explanation {
  readonly article: string;
  readonly isHeld: boolean;
  /** What a change of the article has to earn more than holding today's discounts. */
  readonly hurdle: number;
  /** Of all markets and weeks of the article. */
  readonly plan: Parts;
  readonly planWeeks: readonly ({ readonly week: string } & Parts)[];
  readonly unitsSold: number;
  readonly unitsLeft: number;
  /** Today's discounts; null where none is known. */
  readonly current: readonly { readonly market: string; readonly discount: number | null }[];
  readonly weeks: readonly ExplainedWeek[];
  readonly levels: readonly ExplainedLevel[];
  /** Less discount, then more; one of them alone where the levels end. */
  readonly alternatives: readonly Alternative[];
  readonly stocks: readonly StockPath[];
}

/**
 * Explains the plan of an article: what it earns, part by part, and what the discounts around it would.
 * @param priced plans of all articles
 * @param options that they were priced by
 * @param scope which article, and which of its markets and weeks
 * @returns the explanation
 * @throws ConfigurationError for an article, market or week that is not priced
 * @throws DataError for an article that was left out
 */
export function explainArticle(
  priced: PricedArticles,
  options: PriceArticlesOptions,
  scope: ExplainScope,
): Explanation {
  const isOut = priced.leftOut.find((bad) => bad.article === scope.article);
  if (isOut !== undefined)
    throw new DataError(`article ${scope.article} cannot be priced`, {
      found: isOut.reason,
      remedy: 'Correct that first: then there is a plan to explain.',
    });
  const { article, cells } = findScope(priced.table, scope);
  const explained = new ExplainedProblem(priced, options, article);
  const { problem, chosen, begin } = explained;
  const plan = explained.explained(chosen);
  const own = sumOf(plan.parts);
  const T = problem.weeks;
  const weekName = (t: number): string => formatWeek(priced.table.weeks[t]!);
  const { step = EXPLAINED_STEP } = scope;
  return {
    ...{ article: scope.article, isHeld: explained.isHeld, hurdle: explained.hurdle },
    ...{ plan: own, planWeeks: named(plan.parts, begin, weekName), ...units(explained, plan) },
    current: Array.from({ length: problem.markets }, (_, m) => {
      const level = problem.limits.current[m]!;
      return {
        market: marketName(explained.scope, m),
        discount: level === -1 ? null : problem.levels[level]!,
      };
    }),
    weeks: cells.map((at) => explainedWeek(explained, plan, at, weekName(at % T))),
    levels: levelsOf(explained, cells, own.total),
    alternatives: [-step, step].flatMap((each) => alternative(explained, cells, plan, each)),
    stocks: stocksOf(explained, cells, plan),
  };
}

function explainedWeek(
  { problem, scope }: ExplainedProblem,
  { plan }: ExplainedPlan,
  at: number,
  week: string,
): ExplainedWeek {
  const { weeks: T, levelCount: L } = problem;
  const [m, t] = [Math.floor(at / T), at % T];
  const l = plan.level[at]!;
  const cell = at * L + l;
  return {
    ...{
      market: marketName(scope, m),
      week,
      discount: problem.levels[l]!,
      price: problem.limits.price[cell]!,
    },
    ...{ demand: problem.demand[cell]!, sales: plan.sales[at]! },
    returns: plan.sales[at]! * problem.returnRate[cell]!,
    levels: Array.from({ length: L }, (_, level) => ({
      ...{ discount: problem.levels[level]!, demand: problem.demand[at * L + level]! },
      refusedBy: levelRefusals(scope, m, t, level),
    })),
  };
}

function levelsOf(explained: ExplainedProblem, cells: readonly number[], total: number): ExplainedLevel[] {
  const { problem, scope, chosen } = explained;
  const { weeks: T, levelCount: L } = problem;
  return Array.from({ length: L }, (_, l) => {
    const level = chosen.slice();
    for (const at of cells) level[at] = l;
    const refusals = cells.map((at) => levelRefusals(scope, Math.floor(at / T), at % T, l));
    return {
      discount: problem.levels[l]!,
      demand: cells.reduce((sum, at) => sum + problem.demand[at * L + l]!, 0),
      gain: sumOf(explained.explained(level).parts).total - total,
      refused: refusals.filter((by) => by.length > 0).length,
      of: cells.length,
      refusedBy: [...new Set(refusals.flat())],
    };
  });
}

/** The plan with the levels nearest to so many points more; none where all of them are at the end already. */
function alternative(
  explained: ExplainedProblem,
  cells: readonly number[],
  plan: ExplainedPlan,
  step: number,
): Alternative[] {
  const { problem, scope, chosen, begin } = explained;
  const T = problem.weeks;
  const level = chosen.slice();
  for (const at of cells) level[at] = levelNear(explained, chosen[at]!, step);
  const moved = cells.filter((at) => level[at] !== chosen[at]);
  if (moved.length === 0) return [];
  const other = explained.explained(level);
  const parts = other.parts.map((each, t) => difference(each, plan.parts[t]!));
  const total = sumOf(parts);
  const single = moved.flatMap((at) => levelRefusals(scope, Math.floor(at / T), at % T, level[at]!));
  const refusedBy =
    single.length > 0 ? single : planKeepsLimits(problem, level) ? [] : pathRefusals(scope, level);
  const [mine, theirs] = [units(explained, plan), units(explained, other)];
  const weekName = (t: number): string => formatWeek(scope.table.weeks[t]!);
  return [
    {
      step,
      changes: moved.map((at) => ({
        ...{ market: marketName(scope, Math.floor(at / T)), week: weekName(at % T) },
        ...{ from: problem.levels[chosen[at]!]!, to: problem.levels[level[at]!]! },
      })),
      refusedBy: [...new Set(refusedBy)],
      ...{ parts: total, profit: total.total - total.limits },
      limits: limitAmounts(explained, plan, other),
      weeks: named(parts, begin, weekName),
      unitsSold: theirs.unitsSold - mine.unitsSold,
      unitsLeft: theirs.unitsLeft - mine.unitsLeft,
      stocks: stocksOf(explained, cells, other),
    },
  ];
}

function levelNear({ problem, scope }: ExplainedProblem, from: number, step: number): number {
  const { levelCount: L, levels } = problem;
  const wanted = levels[from]! + step;
  let best = from;
  for (let l = 0; l < L; l++) {
    const isThatWay = step < 0 ? l < from : l > from;
    if (!isThatWay || scope.levels.onGrid[l] === 0) continue;
    if (best === from || Math.abs(levels[l]! - wanted) < Math.abs(levels[best]! - wanted) - 1e-9) best = l;
  }
  return best;
}

/** Stocks that the markets sell from that are asked about. */
function stocksOf(
  { scope, problem, begin }: ExplainedProblem,
  cells: readonly number[],
  { plan }: ExplainedPlan,
): StockPath[] {
  const asked = new Set(cells.map((at) => problem.stockOf[Math.floor(at / problem.weeks)]!));
  return stockPaths(scope, plan, begin).filter((_, s) => asked.has(s));
}

function limitAmounts(
  { linking }: ExplainedProblem,
  { costs }: ExplainedPlan,
  other: ExplainedPlan,
): Alternative['limits'] {
  const amounts = new Map<string, number>();
  linking.sides.forEach(({ limit }, r) => {
    const amount = costs[r]! - other.costs[r]!;
    if (amount !== 0) amounts.set(limit.name, (amounts.get(limit.name) ?? 0) + amount);
  });
  return [...amounts].map(([limit, amount]) => ({ limit, amount }));
}

function units(
  { problem }: ExplainedProblem,
  { plan }: ExplainedPlan,
): { readonly unitsSold: number; readonly unitsLeft: number } {
  const { markets: M, weeks: T, stocks: S } = problem;
  let [unitsSold, unitsLeft] = [0, 0];
  for (let i = 0; i < M * T; i++) unitsSold += plan.sales[i]!;
  for (let s = 0; s < S; s++) unitsLeft += plan.left[s * T + T - 1]! + plan.lateReturns[s]!;
  return { unitsSold, unitsLeft };
}

function named(
  parts: readonly Parts[],
  begin: number,
  weekName: (t: number) => string,
): ({ readonly week: string } & Parts)[] {
  return parts.map((each, t) => ({ week: weekName(t), ...each })).slice(begin);
}
