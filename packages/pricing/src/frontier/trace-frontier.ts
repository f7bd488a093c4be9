import { ConfigurationError } from '@hemline/core';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import { coordinate, type Coordination } from '../coordinator/coordinate.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { BusinessLimit } from '../limits/limits-schema.ts';
import { withPortfolio, type OpenPortfolio } from '../recommendations/open-portfolio.ts';
import type { PriceArticlesOptions } from '../recommendations/price-articles.ts';
import { frontierLimit, rowsAt, type FrontierLimit } from './frontier-limit.ts';
import { frontierTargets, spreadValues, type FrontierTarget } from './frontier-values.ts';
import { PortfolioViews } from './portfolio-views.ts';

/** Evaluations of all articles for a point, at most: it begins with all plans of the points before. */
const EVALUATIONS_OF_A_POINT = 10;

/** What is traced, and how. */
export interface FrontierOptions extends PriceArticlesOptions {
  /** Name of a limit of the business. */
  readonly limit: string;
  /** Values in all, around the limit and what the plans come to without it. */
  readonly points: number;
  /** Values to try, in place of these. */
  readonly values?: readonly number[] | undefined;
  /** Told when a point is there, of how many: known from the second one on. */
  readonly onPoint?: (done: number, total: number) => void;
}

/** What the plans earn with the limit at one value. */
export interface FrontierPoint {
  /** The bound that was set; null of the point without the limit. */
  readonly bound: number | null;
  /** `at most` or `at least` the bound; `free` without the limit. */
  readonly side: 'at most' | 'at least' | 'free';
  /** Whether the file of limits states this bound, and it binds. */
  readonly isLimit: boolean;
  /** Whether plans were found that keep the bound, and all other limits that have no price. */
  readonly isFeasible: boolean;
  /** What the plans come to, in the unit of the limit; where none keeps the bound, of those that come nearest. */
  readonly value: number | null;
  /** Planned profit; null where no plan keeps the bound. */
  readonly profit: number | null;
  /** No plans earn more; a minimum gain and prices of other limits count as costs, as in the gap. */
  readonly profitBound: number | null;
  /** What the plans may miss of it; null where none keeps the bound. */
  readonly gap: number | null;
  /** What one unit more of the bound would earn; of a discount rate, one point (0.01). */
  readonly worthOfOne: number | null;
  readonly unitsSold: number | null;
  readonly unitsLeft: number | null;
  /** Evaluations of all articles that it took: 0 where a point before has settled it. */
  readonly evaluations: number;
  readonly seconds: number;
}

/** Profit against the value of a limit. */
export interface Frontier {
  readonly limit: BusinessLimit;
  /** By value, that without the limit among them. */
  readonly points: readonly FrontierPoint[];
}

/** A point before it is told. */
interface Traced {
  readonly target: FrontierTarget | null;
  readonly found: Coordination | null;
  /** Of the best plans, which may be those of a tighter bound. */
  value: number;
  levels: Uint8Array;
  bound: number;
  isFeasible: boolean;
  readonly slope: number;
  /** One unit more of the bound earns no more than this. */
  most: number;
  readonly seconds: number;
}

/**
 * Traces what the plans of all articles earn against the value of one limit, all others as they are: first without it, then from
 * there outwards on both sides. Each point begins with all plans of those before and the multipliers that these come to. Plans of a
 * tighter bound keep a looser one, and no plans of a tighter bound earn more: both are used.
 * @param table of all articles
 * @param options limits, the one that is moved, values
 * @returns the points
 * @throws ConfigurationError for an unknown limit, or values that it cannot have
 */
export async function traceFrontier(table: ArticleTable, options: FrontierOptions): Promise<Frontier> {
  const { limits, settings, minimumGain, planned = null, values } = options;
  const moved = frontierLimit(limits, options.limit);
  checkValues(moved.limit, options);
  const parts = { table, limits: moved.limits, settings, planned, minimumGain };
  return withPortfolio(parts, options, async (open) => {
    const { portfolio } = open;
    const tracer = new Tracer(open, moved, options);
    const free = await tracer.trace(null, null);
    const measured = valueOf(portfolio, free.levels);
    const wanted = values ?? spreadValues(moved.limit, measured, options.points);
    const sides = frontierTargets(moved.limit, measured, wanted);
    const total = sides.flat().length + 1;
    let done = 1;
    const all: Traced[] = [free];
    options.onPoint?.(done, total);
    for (const targets of sides) {
      const side: Traced[] = [free];
      for (const target of targets) {
        side.push(await tracer.trace(target, side.at(-1)!));
        options.onPoint?.(++done, total);
      }
      inherit(side);
      capWorth(side, measured, moved.limit);
      all.push(...side.slice(1));
    }
    all.sort((a, b) => (a.target?.value ?? measured) - (b.target?.value ?? measured));
    return { limit: moved.limit, points: all.map((each) => told(portfolio, moved.limit, each)) };
  });
}

class Tracer {
  readonly #views: PortfolioViews;
  readonly #open: OpenPortfolio;
  readonly #moved: FrontierLimit;
  readonly #options: FrontierOptions;

  constructor(open: OpenPortfolio, moved: FrontierLimit, options: FrontierOptions) {
    this.#views = new PortfolioViews(open.solved);
    [this.#open, this.#moved, this.#options] = [open, moved, options];
  }

  async trace(target: FrontierTarget | null, before: Traced | null): Promise<Traced> {
    const { gap, evaluations, signal, onStep } = this.#options;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    // What is missed already is missed by more further out.
    if (before !== null && !before.isFeasible)
      return { ...before, target, found: null, slope: NaN, seconds: seconds() };
    const rows = rowsAt(this.#open.portfolio.linking, this.#moved, target);
    const isFirst = before === null;
    const found = await coordinate(
      this.#views.portfolio(rows),
      this.#open.highs,
      { gap, evaluations: isFirst ? evaluations : Math.min(evaluations, EVALUATIONS_OF_A_POINT) },
      {
        ...(isFirst ? {} : { kept: this.#views.kept(rows), start: startOf(rows.length, before) }),
        ...(signal === undefined ? {} : { signal }),
        ...(onStep === undefined ? {} : { onStep }),
      },
    );
    const { choice, levels, bound, multipliers } = found;
    return {
      ...{ target, found, value: choice.value, levels, bound, isFeasible: choice.isFeasible },
      ...{ slope: target === null ? 0 : multipliers.at(-1)!, most: Infinity, seconds: seconds() },
    };
  }
}

/** Multipliers of the point before; the row of the limit comes last. */
function startOf(rows: number, { found }: Traced): Float64Array {
  const start = new Float64Array(rows);
  start.set(found!.multipliers.subarray(0, rows));
  return start;
}

/** From the free point outwards: bounds fall, and so do values. */
function inherit(side: Traced[]): void {
  for (let i = 1; i < side.length; i++) side[i]!.bound = Math.min(side[i]!.bound, side[i - 1]!.bound);
  for (let i = side.length - 2; i >= 0; i--) {
    const [looser, tighter] = [side[i]!, side[i + 1]!];
    if (!tighter.isFeasible || (looser.isFeasible && looser.value >= tighter.value)) continue;
    Object.assign(looser, { value: tighter.value, levels: tighter.levels, isFeasible: true });
  }
}

/** At the edge of what can be kept any multiplier is right: no unit earns more than the plans of a looser bound. */
function capWorth(side: readonly Traced[], free: number, { limit }: BusinessLimit): void {
  const unit = limit === 'discount-rate' ? 0.01 : 1;
  side.forEach((point, i) => {
    const at = ({ target }: Traced): number => target?.value ?? free;
    const looser = side.slice(0, i).findLast((each) => Math.abs(at(each) - at(point)) >= unit) ?? side[0]!;
    point.most = Math.max(0, looser.bound - point.value);
  });
}

/** What the plans come to, in the unit of the limit: the first of the limits that it was made of. */
function valueOf(portfolio: ArticlePortfolio, levels: Uint8Array): number {
  return totalsOf(portfolio, levels).value;
}

function totalsOf(
  portfolio: ArticlePortfolio,
  levels: Uint8Array,
): { value: number; base: number; profit: number; sold: number; left: number } {
  const { filler, linking, planOffsets } = portfolio;
  const measure = linking.measure();
  let [profit, sold, left] = [0, 0, 0];
  for (let a = 0; a < filler.articles; a++) {
    if (!filler.isPriced(a)) continue;
    const { problem, plan } = portfolio.outcome(a, levels.subarray(planOffsets[a]!, planOffsets[a + 1]!));
    measure.add(problem, plan, a);
    profit += plan.value;
    const { markets: M, weeks: T, stocks: S } = problem;
    for (let i = 0; i < M * T; i++) sold += plan.sales[i]!;
    for (let s = 0; s < S; s++) left += plan.left[s * T + T - 1]! + plan.lateReturns[s]!;
  }
  const { value, base } = measure.finish().at(-1)!;
  return { value, base, profit, sold, left };
}

function told(portfolio: ArticlePortfolio, { limit }: BusinessLimit, traced: Traced): FrontierPoint {
  const { target, found, isFeasible, bound, slope, seconds } = traced;
  const { value, base, profit, sold, left } = totalsOf(portfolio, traced.levels);
  const missed = Math.max(0, bound - traced.value);
  // A hundredth of a rate moves its euros by a hundredth of what is sold at list prices.
  const unit = limit === 'discount-rate' ? 0.01 * base : 1;
  const ifMet = (amount: number): number | null => (isFeasible ? amount : null);
  return {
    bound: target?.value ?? null,
    side: target === null ? 'free' : target.isUpper ? 'at most' : 'at least',
    isLimit: target?.isLimit ?? false,
    isFeasible,
    value: Number.isNaN(value) ? null : value,
    profit: ifMet(profit),
    profitBound: ifMet(profit + missed),
    gap: ifMet(missed / Math.max(Math.abs(traced.value), Number.MIN_VALUE)),
    worthOfOne:
      target === null || !isFeasible ? null : (target.isUpper ? 1 : -1) * Math.min(slope * unit, traced.most),
    unitsSold: ifMet(sold),
    unitsLeft: ifMet(left),
    evaluations: found?.evaluations ?? 0,
    seconds,
  };
}

function checkValues({ limit, name }: BusinessLimit, { points, values = [] }: FrontierOptions): void {
  if (!(Number.isInteger(points) && points >= 2))
    throw new ConfigurationError('a frontier has two points or more', {
      expected: 'a whole number from 2',
      found: String(points),
    });
  const isRate = limit === 'discount-rate';
  const wrong = values.find((value) => !(value >= 0 && (isRate ? value < 1 : value < Infinity)));
  if (wrong !== undefined)
    throw new ConfigurationError(`${name} cannot be at this value`, {
      expected: isRate ? 'fractions in [0, 1), such as 0.2 for 20 %' : 'numbers from 0',
      found: String(wrong),
    });
}
