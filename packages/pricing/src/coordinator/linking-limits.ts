import { addWeeks, formatWeek } from '@hemline/core';
import type { ArticlePlan } from '../article/article-plan.ts';
import type { ArticleProblem } from '../article/article-problem.ts';
import { eachCompiled, weekSpan } from '../inputs/article-rules.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import { limitsError, type LimitProblem } from '../limits/limit-problem.ts';
import type { BusinessLimit, PricingLimits } from '../limits/limits-schema.ts';
import { select, SelectionProblem, type Selection } from '../limits/selection.ts';
import type { LimitMeasure, LimitSums, MeasuredLimit } from './limit-measure.ts';
import type { LinkingRow } from './linking-row.ts';

/** A limit of the business, as rows and positions of the table. */
interface CompiledLimit extends Selection {
  readonly limit: BusinessLimit;
  /** Weeks that count: positions, the end excluded. Of stock left, the one week. */
  readonly begin: number;
  readonly end: number;
}

/** One side of a limit. */
interface Side extends CompiledLimit {
  /** Whether it is the upper bound. */
  readonly isUpper: boolean;
}

/** Limits of the business as rows that are linear in sales and stock left. */
export class LinkingLimits {
  readonly rows: readonly LinkingRow[];
  readonly #limits: readonly CompiledLimit[];
  readonly #sides: readonly Side[];
  readonly #table: ArticleTable;
  /** What a unit at a level costs: multiplier · coefficient [L]. */
  readonly #costs = new Float64Array(256);

  /**
   * @param limits as the file states them
   * @param table all articles
   * @throws ConfigurationError that lists every limit with an unknown column or value, or weeks that are not priced
   */
  constructor(limits: PricingLimits, table: ArticleTable) {
    this.#table = table;
    const problems: LimitProblem[] = [];
    this.#limits = eachCompiled(limits.business, (limit) => compile(limit, table), problems);
    if (problems.length > 0) throw limitsError(limits.file, problems);
    this.#sides = this.#limits.flatMap((limit) => [
      ...(limit.limit.lower === undefined ? [] : [{ ...limit, isUpper: false }]),
      ...(limit.limit.upper === undefined ? [] : [{ ...limit, isUpper: true }]),
    ]);
    this.rows = this.#sides.map(({ limit, isUpper }) => ({
      name: limit.name,
      // A rate is bounded by what its euros exceed the bound by: that is linear.
      bound: limit.limit === 'discount-rate' ? 0 : isUpper ? limit.upper! : -limit.lower!,
      price: limit.price ?? null,
    }));
  }

  /**
   * The side of a limit that each row is.
   * @returns limit and side, row by row
   */
  get sides(): readonly { readonly limit: BusinessLimit; readonly isUpper: boolean }[] {
    return this.#sides;
  }

  /**
   * Takes multipliers · use off what a problem earns.
   * @param problem of the article, without multipliers
   * @param article row
   * @param multipliers of the rows
   */
  apply(problem: ArticleProblem, article: number, multipliers: Float64Array): void {
    const { weeks: T, levelCount: L } = problem;
    this.#sides.forEach((side, r) => {
      const multiplier = multipliers[r]!;
      if (multiplier === 0 || side.articles?.[article] === 0) return;
      if (side.limit.limit === 'stock-left') {
        const cost = side.isUpper ? multiplier : -multiplier;
        this.#eachStock(side, problem, article, (s) => (problem.holding[s * T + side.begin]! += cost));
        return;
      }
      this.#eachMarket(side, problem, article, (m) => {
        for (let t = side.begin; t < Math.min(side.end, T); t++) {
          const at = (m * T + t) * L;
          // Nothing but what returns tells one week from another.
          const isNew = t === side.begin || side.limit.limit === 'revenue';
          for (let l = 0; l < L; l++) {
            if (isNew) this.#costs[l] = multiplier * this.#coefficient(side, problem, article, m, at + l, l);
            problem.margin[at + l]! -= this.#costs[l]!;
          }
        }
      });
    });
  }

  /**
   * What a plan uses of each row.
   * @param problem of the article
   * @param plan levels, sales, stock left
   * @param article row
   * @param out filled from `offset` on
   * @param offset of the first row
   */
  use(problem: ArticleProblem, plan: ArticlePlan, article: number, out: Float64Array, offset: number): void {
    const { weeks: T, levelCount: L } = problem;
    this.#sides.forEach((side, r) => {
      let sum = 0;
      if (side.articles?.[article] === 0) sum = 0;
      else if (side.limit.limit === 'stock-left') {
        this.#eachStock(side, problem, article, (s) => (sum += plan.left[s * T + side.begin]!));
        if (!side.isUpper) sum = -sum;
      } else
        this.#eachCell(side, problem, article, (m, t) => {
          const l = plan.level[m * T + t]!;
          const cell = (m * T + t) * L + l;
          sum += plan.sales[m * T + t]! * this.#coefficient(side, problem, article, m, cell, l);
        });
      out[offset + r] = sum;
    });
  }

  /** @returns a measure of all limits, to be given the plans one by one */
  measure(): LimitMeasure {
    const value = new Float64Array(this.#limits.length);
    const base = new Float64Array(this.#limits.length);
    return {
      add: (problem, plan, article) => {
        const { weeks: T, levelCount: L } = problem;
        this.#limits.forEach((limit, i) => {
          if (limit.articles?.[article] === 0) return;
          if (limit.limit.limit === 'stock-left')
            return this.#eachStock(
              limit,
              problem,
              article,
              (s) => (value[i]! += plan.left[s * T + limit.begin]!),
            );
          this.#eachCell(limit, problem, article, (m, t) => {
            const l = plan.level[m * T + t]!;
            const sales = plan.sales[m * T + t]!;
            value[i]! += sales * this.#amount(limit, problem, article, m, (m * T + t) * L + l, l);
            base[i]! += sales * this.#blackPrice(article, m);
          });
        });
      },
      sums: { value, base },
      finish: () => this.measured({ value, base }),
    };
  }

  /**
   * @param sums of a measure, or of several that were added up
   * @param sums.value units, amounts, numerators of rates
   * @param sums.base denominators of rates
   * @returns what each limit comes to
   */
  measured({ value, base }: LimitSums): readonly MeasuredLimit[] {
    return this.#limits.map(({ limit }, i) =>
      limit.limit === 'discount-rate'
        ? { limit, value: value[i]! / base[i]!, base: base[i]! }
        : { limit, value: value[i]!, base: 1 },
    );
  }

  #coefficient(
    side: Side,
    problem: ArticleProblem,
    article: number,
    m: number,
    cell: number,
    l: number,
  ): number {
    const sign = side.isUpper ? 1 : -1;
    const amount = this.#amount(side, problem, article, m, cell, l);
    if (side.limit.limit !== 'discount-rate') return sign * amount;
    const rate = side.isUpper ? side.limit.upper! : side.limit.lower!;
    return sign * (amount - rate * this.#blackPrice(article, m));
  }

  /** What a unit sold adds to the measure; of a rate, to its numerator. */
  #amount(
    { limit }: CompiledLimit,
    problem: ArticleProblem,
    article: number,
    m: number,
    cell: number,
    l: number,
  ): number {
    const price = this.#blackPrice(article, m);
    switch (limit.limit) {
      case 'units':
        return 1;
      case 'revenue': {
        const n = this.#table.offsets[article]! + m;
        const net = (price * (1 - problem.levels[l]!)) / (1 + this.#table.vat[this.#table.market[n]!]!);
        return (1 - problem.returnRate[cell]!) * net;
      }
      default:
        return price * problem.levels[l]!;
    }
  }

  #blackPrice(article: number, m: number): number {
    return this.#table.blackPrice[this.#table.offsets[article]! + m]!;
  }

  #eachMarket(
    { markets }: CompiledLimit,
    problem: ArticleProblem,
    article: number,
    visit: (m: number) => void,
  ): void {
    const first = this.#table.offsets[article]!;
    for (let m = 0; m < problem.markets; m++) if (markets?.[this.#table.market[first + m]!] !== 0) visit(m);
  }

  #eachCell(
    limit: CompiledLimit,
    problem: ArticleProblem,
    article: number,
    visit: (m: number, t: number) => void,
  ): void {
    const end = Math.min(limit.end, problem.weeks);
    this.#eachMarket(limit, problem, article, (m) => {
      for (let t = limit.begin; t < end; t++) visit(m, t);
    });
  }

  /** An article whose season is over by then has nothing left: it was cleared. */
  #eachStock(
    { markets, begin }: CompiledLimit,
    problem: ArticleProblem,
    article: number,
    visit: (s: number) => void,
  ): void {
    if (begin >= problem.weeks) return;
    const first = this.#table.offsets[article]!;
    for (let s = 0; s < problem.stocks; s++) {
      let m = 0;
      while (problem.stockOf[m] !== s) m++;
      if (markets === null || markets[this.#table.market[first + m]!] === 1) visit(s);
    }
  }
}

/**
 * What limits of the business are about that is not there.
 * @param limits as the file states them
 * @param table all articles
 * @returns a problem for each
 */
export function linkingProblems(limits: PricingLimits, table: ArticleTable): LimitProblem[] {
  const problems: LimitProblem[] = [];
  eachCompiled(limits.business, (limit) => compile(limit, table), problems);
  return problems;
}

function compile(limit: BusinessLimit, table: ArticleTable): CompiledLimit {
  const selection = select(table, limit.where);
  if (limit.at === undefined) return { limit, ...selection, ...weekSpan(table.weeks, limit.weeks) };
  if (limit.at < formatWeek(table.weeks[0]!) || limit.at >= formatWeek(addWeeks(table.weeks.at(-1)!, 1)))
    throw new SelectionProblem(
      `at: ${limit.at} is not in the weeks that are priced (${formatWeek(table.weeks[0]!)} to ${formatWeek(table.weeks.at(-1)!)})`,
    );
  checkPools(selection, table);
  const { end } = weekSpan(table.weeks, { until: limit.at });
  return { limit, ...selection, begin: end - 1, end };
}

/** The stock of a pool has no part that is one market's. */
function checkPools({ markets }: Selection, { pool }: ArticleTable): void {
  if (markets === null) return;
  const isIn = (row: number): boolean => markets[row] === 1;
  for (let row = 0; row < pool.length; row++) {
    if (pool[row] === -1 || !isIn(row)) continue;
    for (let other = 0; other < pool.length; other++)
      if (pool[other] === pool[row] && !isIn(other))
        throw new SelectionProblem(
          'where: a part of the markets of a pool is selected, whose stock they share: select all of them, or none',
        );
  }
}
