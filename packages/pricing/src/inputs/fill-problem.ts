import { DataError } from '@hemline/core';
import type { ArticleProblem } from '../article/article-problem.ts';
import { checkArticle } from '../article/check-article.ts';
import { FirstPlan } from '../article/first-plan.ts';
import type { LimitProblem } from '../limits/limit-problem.ts';
import { articleLevels, fixedDiscounts, type ArticleLevels } from './article-levels.ts';
import { writeLimits } from './article-limits.ts';
import { articleName, type ArticleRule } from './article-rules.ts';
import type { ArticleTable } from './article-table.ts';
import type { BadArticles } from './bad-articles.ts';
import type { PricingSettings } from './defaults.ts';
import { firstStepProblems } from './first-step.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableProblem = Mutable<Omit<ArticleProblem, 'limits'>> & { limits: Mutable<ArticleProblem['limits']> };

/** Turns rows of an article table into problems: one object, filled again for each article. */
export class ProblemFiller {
  /** Of the article that was filled last. */
  readonly problem: ArticleProblem;
  levels!: ArticleLevels;
  /** Who has narrowed what may be chosen, by market and week: 0 nobody, 1 the guards, 2 a limit, 3 a person. */
  narrowed = new Uint8Array(0);
  readonly #table: ArticleTable;
  readonly #rules: readonly ArticleRule[];
  readonly #settings: Pick<PricingSettings, 'variableCostShare' | 'certain'>;
  readonly #mutable: MutableProblem;
  readonly #planned: Float64Array | null;
  #cells = 0;
  #markets = 0;

  /**
   * @param table all articles
   * @param rules limits of articles
   * @param settings share of costs that vary, whether demand is certain
   * @param planned discounts that are fixed besides those of rules, NaN where none is [N·T]
   */
  constructor(
    table: ArticleTable,
    rules: readonly ArticleRule[],
    settings: Pick<PricingSettings, 'variableCostShare' | 'certain'>,
    planned: Float64Array | null = null,
  ) {
    this.#planned = planned;
    this.#table = table;
    this.#rules = rules;
    this.#settings = settings;
    this.#mutable = emptyProblem(settings.certain, table.lags);
    this.problem = this.#mutable;
  }

  /** Articles of the table. */
  get articles(): number {
    return this.#table.articles.length;
  }

  /**
   * @param article row
   * @returns whether there is anything to decide: an article that is not on sale in these weeks has nothing
   */
  isPriced(article: number): boolean {
    return this.#table.end[article]! > this.#table.begin[article]!;
  }

  /**
   * @param article row
   * @returns markets · weeks of its problem; 0 where there is nothing to decide
   */
  planLength(article: number): number {
    const { offsets, end } = this.#table;
    return this.isPriced(article) ? (offsets[article + 1]! - offsets[article]!) * end[article]! : 0;
  }

  /**
   * Fills the problem with an article.
   * @param article row, of one that is priced
   * @returns limits that contradict each other for it
   */
  fill(article: number): readonly LimitProblem[] {
    const table = this.#table;
    const problem = this.#mutable;
    const first = table.offsets[article]!;
    const M = table.offsets[article + 1]! - first;
    const T = table.end[article]!;
    const fixed = fixedDiscounts(this.#rules, table, article, this.#planned);
    const distinct = fixed === null ? [] : [...new Set(fixed)].filter((d) => !Number.isNaN(d));
    const levels = articleLevels(table, article, distinct);
    this.levels = levels;
    const L = levels.discounts.length;
    this.#reserve(M, T, L);
    problem.article = articleName(table.articles, article);
    problem.markets = M;
    problem.weeks = T;
    problem.levelCount = L;
    problem.levels.set(levels.discounts);
    this.#fillStocks(first, M, T);
    this.#fillCells(article, first, M, T, L);
    const { limits } = problem;
    for (let m = 0; m < M; m++) {
      limits.current[m] = levels.current[m]!;
      limits.weeksSinceChange[m] = table.sinceChange[first + m]!;
    }
    this.#fillOrder(article, first, M);
    const problems = writeLimits(table, article, this.#rules, levels, fixed, limits, this.narrowed);
    return problems.length > 0 ? problems : firstStepProblems(table, article, this.#rules, levels, limits);
  }

  /**
   * Fills every article once, to find all that no plan can be made for.
   * @param bad receives them; those that are in it already are passed over
   */
  check(bad: BadArticles): void {
    const first = new FirstPlan();
    for (let a = 0; a < this.articles; a++) {
      if (!this.isPriced(a) || bad.has(a)) continue;
      const [problem] = this.fill(a);
      if (problem !== undefined) bad.addArticle(a, `line ${problem.line}: ${problem.text}`, true);
      else this.#checkFilled(a, bad, first);
    }
  }

  #checkFilled(a: number, bad: BadArticles, first: FirstPlan): void {
    const { problem } = this;
    try {
      checkArticle(problem);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      bad.addArticle(a, error.problem);
      return;
    }
    const level = new Uint8Array(problem.markets * problem.weeks);
    if (first.make(problem, level) === 'none')
      bad.addArticle(
        a,
        'no plan keeps all its limits together: steps, changes and order of prices, and prices that are fixed',
        true,
      );
  }

  #fillStocks(first: number, M: number, T: number): void {
    const { pool, market, stock, residual, blackPrice, arrivals, weeks } = this.#table;
    const problem = this.#mutable;
    const numbers = new Map<number, number>();
    const members: number[] = [];
    for (let m = 0; m < M; m++) {
      const number = pool[market[first + m]!]!;
      const key = number === -1 ? -1 - m : number;
      const s = numbers.get(key) ?? numbers.size;
      if (s === numbers.size) {
        numbers.set(key, s);
        members[s] = 0;
        problem.stock[s] = stock[first + m]!;
        problem.residual[s] = 0;
        problem.deliveries.fill(0, s * T, (s + 1) * T);
      }
      problem.stockOf[m] = s;
      members[s]!++;
      // What a pool has left is cleared in its markets alike.
      problem.residual[s]! += residual[first + m]! * blackPrice[first + m]!;
      for (let t = 0; t < T; t++) problem.deliveries[s * T + t]! += arrivals[(first + m) * weeks.length + t]!;
    }
    problem.stocks = numbers.size;
    for (let s = 0; s < numbers.size; s++) {
      problem.residual[s]! /= members[s]!;
      // Never to run out is to have more than could ever be sold, and nothing left of worth.
      if (problem.stock[s] === Infinity) problem.residual[s] = 0;
    }
    problem.holding.fill(0, 0, numbers.size * T);
  }

  #fillCells(article: number, first: number, M: number, T: number, L: number): void {
    const table = this.#table;
    const problem = this.#mutable;
    const { below, share, discounts } = this.levels;
    const { variableCostShare } = this.#settings;
    const grid = table.discounts.length;
    const weeks = table.weeks.length;
    for (let m = 0; m < M; m++) {
      const n = first + m;
      const price = table.blackPrice[n]!;
      const net = (price * (1 - variableCostShare)) / (1 + table.vat[table.market[n]!]!);
      for (let lag = 0; lag < table.lags; lag++)
        problem.returnLag[m * table.lags + lag] = table.returnLag[n * table.lags + lag]!;
      for (let t = 0; t < T; t++) {
        problem.dispersion[m * T + t] = table.dispersion[n * weeks + t]!;
        for (let l = 0; l < L; l++) {
          const cell = (m * T + t) * L + l;
          const k = below[l]!;
          const w = share[l]!;
          const low = table.returnRate[n * grid + k]!;
          const rate = w === 0 ? low : low + w * (table.returnRate[n * grid + k + 1]! - low);
          const kept = net * (1 - discounts[l]!);
          problem.returnRate[cell] = rate;
          problem.margin[cell] = (1 - rate) * kept - table.shippingCost[n]! - rate * table.returnCost[n]!;
          problem.limits.price[cell] = price * (1 - discounts[l]!);
          const at = (n * weeks + t) * grid + k;
          // Before its first week the article is not on sale.
          problem.demand[cell] = t < table.begin[article]! ? 0 : between(table.demand, at, w);
        }
        rise(problem.demand, (m * T + t) * L, L);
      }
    }
    for (let s = 0; s < problem.stocks; s++)
      if (problem.stock[s] === Infinity) problem.stock[s] = plenty(problem, s);
  }

  #fillOrder(article: number, first: number, M: number): void {
    const { limits } = this.#mutable;
    const market = this.#table.market.subarray(first, first + M);
    const pairs: number[] = [];
    for (const { order, articles } of this.#rules) {
      if (order === null || articles?.[article] === 0) continue;
      const own = [...order].map((row) => market.indexOf(row)).filter((m) => m !== -1);
      for (let i = 1; i < own.length; i++) pairs.push(own[i - 1]!, own[i]!);
    }
    if (limits.priceOrder.length < pairs.length) limits.priceOrder = new Int32Array(pairs.length);
    limits.priceOrder.set(pairs);
    limits.pricePairs = pairs.length / 2;
  }

  #reserve(M: number, T: number, L: number): void {
    const problem = this.#mutable;
    if (L > problem.levels.length) problem.levels = new Float64Array(L);
    if (M * T * L > this.#cells) {
      this.#cells = M * T * L;
      const cells = (): Float64Array => new Float64Array(this.#cells);
      Object.assign(problem, { demand: cells(), margin: cells(), returnRate: cells() });
      Object.assign(problem.limits, { price: cells(), allowed: new Uint8Array(this.#cells) });
    }
    if (M * T > this.#markets) {
      this.#markets = M * T;
      const [size, weekly] = [(): Float64Array => new Float64Array(M * T), M * T];
      Object.assign(problem, {
        ...{ dispersion: size(), deliveries: size(), holding: size(), stock: size(), residual: size() },
        ...{
          stockOf: new Int32Array(weekly),
          returnLag: new Float64Array(weekly * Math.max(1, problem.lags)),
        },
      });
      Object.assign(problem.limits, {
        ...{ deepenOnly: new Uint8Array(weekly), maximumChanges: new Int32Array(weekly) },
        ...{ weeksBetween: new Int32Array(weekly), largestStep: size(), current: new Int32Array(weekly) },
        weeksSinceChange: new Int32Array(weekly),
      });
      this.narrowed = new Uint8Array(weekly);
    }
  }
}

function emptyProblem(certain: boolean, lags: number): MutableProblem {
  const none = new Float64Array(0);
  const [whole, bytes] = [new Int32Array(0), new Uint8Array(0)];
  return {
    ...{ article: '', markets: 0, weeks: 0, levelCount: 0, levels: none, demand: none, certain },
    ...{ dispersion: none, margin: none, returnRate: none, lags, returnLag: none, stocks: 0, stock: none },
    ...{ stockOf: whole, deliveries: none, residual: none, holding: none },
    limits: {
      ...{ allowed: bytes, deepenOnly: bytes, maximumChanges: whole, weeksBetween: whole, largestStep: none },
      ...{ current: whole, weeksSinceChange: whole, priceOrder: whole, pricePairs: 0, price: none },
    },
  };
}

/** Between two levels of the grid log demand is a line in the log of the price; where nothing is demanded, demand is. */
function between(demand: Float32Array, at: number, share: number): number {
  const low = demand[at]!;
  if (share === 0) return low;
  const high = demand[at + 1]!;
  return low > 0 && high > 0 ? low * (high / low) ** share : low + share * (high - low);
}

/** Demand never falls with the discount: what a forecast in single precision makes of that is mended. */
function rise(demand: Float64Array, from: number, count: number): void {
  for (let l = 1; l < count; l++)
    if (demand[from + l]! < demand[from + l - 1]!) demand[from + l] = demand[from + l - 1]!;
}

/** Units that no demand of the season exceeds: its mean at the deepest level, and six deviations of every week. */
function plenty(problem: MutableProblem, s: number): number {
  const { markets, weeks, levelCount } = problem;
  let units = 1;
  for (let m = 0; m < markets; m++) {
    if (problem.stockOf[m] !== s) continue;
    for (let t = 0; t < weeks; t++) {
      const mean = problem.demand[(m * weeks + t) * levelCount + levelCount - 1]!;
      units += mean + 6 * Math.sqrt(mean + problem.dispersion[m * weeks + t]! * mean * mean);
    }
  }
  return units;
}
