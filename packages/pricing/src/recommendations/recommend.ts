import { newArticlePlan, type ArticlePlan } from '../article/article-plan.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import {
  boolColumn,
  Batch,
  dateColumn,
  float64Column,
  int32Column,
  stringColumn,
  stringsToColumn,
  validityWithout,
  type Float64Column,
} from '@hemline/core';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { LinkingLimits } from '../coordinator/linking-limits.ts';
import { ROW_TOLERANCE } from '../coordinator/choose-plans.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { ProblemFiller } from '../inputs/fill-problem.ts';
import { limitInWords } from './limit-words.ts';
import { reasonOf } from './reason.ts';
import { REASONS } from './schemas.ts';

/** Articles whose rows make a batch. */
const ARTICLES_PER_BATCH = 500;

/** What the plans of a portfolio come to. */
export interface PlanTotals {
  /** Articles that are priced, and of these with today's discount known in every market. */
  readonly articles: number;
  readonly compared: number;
  /** Of those that are compared, articles with a plan other than to hold. */
  readonly changed: number;
  readonly profit: number;
  /** Of the articles that are compared: planned, and held. */
  readonly comparedProfit: number;
  readonly heldProfit: number;
  readonly unitsSold: number;
  readonly unitsLeft: number;
  /** Rows whose discount is for each of the reasons. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Units sold at each level of the grid, or nearest above it. */
  readonly unitsByDiscount: readonly { readonly discount: number; readonly units: number }[];
}

/** Turns plans into tables. */
export class Recommender {
  readonly #table: ArticleTable;
  readonly #filler: ProblemFiller;
  readonly #portfolio: ArticlePortfolio;
  readonly #linking: LinkingLimits;
  readonly #found: Coordination;

  /**
   * @param table all articles
   * @param filler of the table
   * @param portfolio of the filler
   * @param linking limits of the business
   * @param found plans
   */
  constructor(
    table: ArticleTable,
    filler: ProblemFiller,
    portfolio: ArticlePortfolio,
    linking: LinkingLimits,
    found: Coordination,
  ) {
    this.#table = table;
    this.#filler = filler;
    this.#portfolio = portfolio;
    this.#linking = linking;
    this.#found = found;
  }

  /**
   * The tables recommendations and articles, some articles at a time.
   * @yields batches of both
   */
  *batches(): Generator<{ readonly recommendations: Batch; readonly articles: Batch }, PlanTotals> {
    const totals = new Totals(this.#table);
    const A = this.#filler.articles;
    for (let from = 0; from < A; from += ARTICLES_PER_BATCH) {
      const rows = new Rows(this.#table);
      for (let a = from; a < Math.min(A, from + ARTICLES_PER_BATCH); a++)
        if (this.#filler.isPriced(a)) this.#article(a, rows, totals);
      if (rows.length > 0) yield rows.finish();
    }
    return totals.finish();
  }

  /**
   * The table limits.
   * @returns a row for each limit of the business; null where there is none
   */
  limits(): Batch | null {
    const measure = this.#linking.measure();
    const { levels, multipliers, choice } = this.#found;
    const { planOffsets } = this.#portfolio;
    for (let a = 0; a < this.#filler.articles; a++) {
      if (!this.#filler.isPriced(a)) continue;
      const { problem, plan } = this.#portfolio.outcome(
        a,
        levels.subarray(planOffsets[a]!, planOffsets[a + 1]!),
      );
      measure.add(problem, plan, a);
    }
    const measured = measure.finish();
    if (measured.length === 0) return null;
    const { sides } = this.#linking;
    const { rows } = this.#portfolio;
    const found = measured.map(({ limit, value, base }) => {
      const own = sides.flatMap((side, r) => (side.limit === limit ? [{ ...side, r }] : []));
      const multiplier = (isUpper: boolean): number => {
        const r = own.find((side) => side.isUpper === isUpper)?.r;
        return r === undefined ? NaN : multipliers[r]!;
      };
      const { lower = NaN, upper = NaN } = limit;
      const [low, high] = [multiplier(false), multiplier(true)];
      const cost = own.reduce(
        (sum, { r }) => sum + (limit.price ?? 0) * Math.max(0, choice.use[r]! - rows[r]!.bound),
        0,
      );
      const missed = Math.max(
        0,
        Number.isNaN(lower) ? 0 : lower - value,
        Number.isNaN(upper) ? 0 : value - upper,
      );
      const size = limit.limit === 'discount-rate' ? 1 : Math.max(Math.abs(value), 1);
      const isMet = Number.isNaN(value) || missed <= 10 * ROW_TOLERANCE * size;
      const inWords = limitInWords(limit.limit, limit.name, { lower: low, upper: high }, base);
      return { limit, lower, upper, value, isMet, missed: isMet ? 0 : missed, cost, low, high, inWords };
    });
    const numbers = (pick: (row: (typeof found)[number]) => number): Float64Column =>
      nullable(Float64Array.from(found, pick));
    return new Batch({
      limit: stringsToColumn(found.map(({ limit }) => limit.name)),
      measure: stringsToColumn(found.map(({ limit }) => limit.limit)),
      line: int32Column(Int32Array.from(found, ({ limit }) => limit.line)),
      lower: numbers(({ lower }) => lower),
      upper: numbers(({ upper }) => upper),
      value: numbers(({ value }) => value),
      isMet: boolColumn(Uint8Array.from(found, ({ isMet }) => Number(isMet))),
      missedBy: numbers(({ missed }) => missed),
      cost: numbers(({ cost }) => cost),
      lowerMultiplier: numbers(({ low }) => low),
      upperMultiplier: numbers(({ high }) => high),
      inWords: stringsToColumn(found.map(({ inWords }) => inWords)),
    });
  }

  #article(a: number, rows: Rows, totals: Totals): void {
    const { planOffsets } = this.#portfolio;
    const slice = (levels: Uint8Array): Uint8Array => levels.subarray(planOffsets[a]!, planOffsets[a + 1]!);
    const own = slice(this.#found.levels);
    const free = slice(this.#found.freeLevels);
    const { problem, plan } = this.#portfolio.outcome(a, own);
    const held = this.#held();
    const { markets: M, weeks: T, levelCount: L, limits } = problem;
    const isHeld = held !== null && held.level.subarray(0, M * T).every((level, i) => level === own[i]);
    const first = this.#table.offsets[a]!;
    let changes = 0;
    for (let m = 0; m < M; m++) {
      let before = limits.current[m]!;
      for (let t = 0; t < T; t++) {
        const at = m * T + t;
        const level = own[at]!;
        if (before !== -1 && level !== before) changes++;
        before = level;
        if (t < this.#table.begin[a]!) continue;
        const cell = at * L + level;
        const reason = reasonOf({
          ...{ problem, market: m, week: t, level, freeLevel: free[at]!, isHeld },
          narrowed: this.#filler.narrowed[at]!,
        });
        totals.reasons[REASONS.indexOf(reason)]!++;
        totals.sold(problem.levels[level]!, plan.sales[at]!);
        const heldCell = held === null ? -1 : at * L + held.level[at]!;
        rows.add([
          ...[a, first + m, t, REASONS.indexOf(reason), problem.levels[level]!, limits.price[cell]!],
          ...[problem.demand[cell]!, plan.sales[at]!, plan.sales[at]! * problem.returnRate[cell]!],
          plan.sales[at]! * problem.margin[cell]!,
          ...(held === null
            ? [limits.current[m] === -1 ? NaN : problem.levels[limits.current[m]!]!, NaN, NaN]
            : [
                problem.levels[held.level[at]!]!,
                held.sales[at]!,
                held.sales[at]! * problem.margin[heldCell]!,
              ]),
        ]);
      }
    }
    const left = unitsLeft(problem, plan);
    const heldLeft = held === null ? NaN : unitsLeft(problem, held);
    rows.addArticle([
      ...[a, plan.value, held?.value ?? NaN, plan.value - (held?.value ?? NaN), changes, left, heldLeft],
      this.#gapOf(a),
    ]);
    totals.add(plan.value, held?.value ?? NaN, isHeld, left);
  }

  /** What holding today's discounts comes to, whether the limits permit it or not; of the article that was filled last. */
  #held(): ArticlePlan | null {
    const { problem } = this.#filler;
    const { markets: M, weeks: T, limits, stocks } = problem;
    const plan = newArticlePlan(M, T, stocks);
    for (let m = 0; m < M; m++) {
      if (limits.current[m] === -1) return null;
      plan.level.fill(limits.current[m]!, m * T, (m + 1) * T);
    }
    simulatePlan(problem, plan.level, plan);
    return plan;
  }

  /** What the article's plan may be worth less than its best, at the multipliers of the bound. */
  #gapOf(a: number): number {
    const { articleBound, boundMultipliers: multipliers, choice, chosen } = this.#found;
    let worth = chosen.profit[a]!;
    const R = choice.use.length;
    for (let r = 0; r < R; r++) worth -= multipliers[r]! * chosen.use[a * R + r]!;
    const gap = articleBound[a]! - worth;
    return gap <= 0 ? 0 : gap / Math.max(Math.abs(articleBound[a]!), Number.MIN_VALUE);
  }
}

function unitsLeft({ stocks, weeks }: ArticleProblemSize, plan: ArticlePlan): number {
  let units = 0;
  for (let s = 0; s < stocks; s++) units += plan.left[s * weeks + weeks - 1]! + plan.lateReturns[s]!;
  return units;
}

type ArticleProblemSize = Pick<ProblemFiller['problem'], 'stocks' | 'weeks'>;

/** Rows of both tables, as plain numbers: their columns are cut out of them. */
class Rows {
  readonly #table: ArticleTable;
  readonly #rows: number[] = [];
  readonly #articles: number[] = [];

  constructor(table: ArticleTable) {
    this.#table = table;
  }

  get length(): number {
    return this.#rows.length;
  }

  add(row: readonly number[]): void {
    this.#rows.push(...row);
  }

  addArticle(row: readonly number[]): void {
    this.#articles.push(...row);
  }

  finish(): { readonly recommendations: Batch; readonly articles: Batch } {
    const { articles, markets, market, weeks, support } = this.#table;
    const column = (from: readonly number[], width: number, at: number): Float64Array =>
      Float64Array.from({ length: from.length / width }, (_, row) => from[row * width + at]!);
    const of = (at: number): Float64Array => column(this.#rows, 13, at);
    const ofArticle = (at: number): Float64Array => column(this.#articles, 8, at);
    const series = of(1);
    const text = (names: ReturnType<Batch['strings']>, at: Float64Array) =>
      stringColumn(
        Int32Array.from(at, (row) => names.values[row]!),
        names.dictionary,
      );
    const article = articles.strings('article');
    return {
      recommendations: new Batch({
        article: text(article, of(0)),
        market: text(
          markets.strings('market'),
          series.map((n) => market[n]!),
        ),
        week: dateColumn(Int32Array.from(of(2), (t) => weeks[t]!)),
        ...{ discount: float64Column(of(4)), price: float64Column(of(5)), demand: float64Column(of(6)) },
        ...{ sales: float64Column(of(7)), returns: float64Column(of(8)), profit: float64Column(of(9)) },
        ...{ heldDiscount: nullable(of(10)), heldSales: nullable(of(11)), heldProfit: nullable(of(12)) },
        reason: stringColumn(Int32Array.from(of(3)), [...REASONS]),
        support: float64Column(series.map((n) => support[n]!)),
      }),
      articles: new Batch({
        article: text(article, ofArticle(0)),
        ...{
          profit: float64Column(ofArticle(1)),
          heldProfit: nullable(ofArticle(2)),
          gain: nullable(ofArticle(3)),
        },
        changes: int32Column(Int32Array.from(ofArticle(4))),
        ...{ unitsLeft: float64Column(ofArticle(5)), heldUnitsLeft: nullable(ofArticle(6)) },
        gap: float64Column(ofArticle(7)),
      }),
    };
  }
}

/** A column whose NaN are missing. Always with a bitmap: batches of one table have one schema. */
function nullable(values: Float64Array): Float64Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  return float64Column(values, validityWithout(values.length, missing));
}

/** Sums over the articles. */
class Totals {
  readonly reasons = new Float64Array(REASONS.length);
  readonly #discounts: Float64Array;
  readonly #units: Float64Array;
  #sums = { articles: 0, compared: 0, changed: 0, profit: 0, comparedProfit: 0, heldProfit: 0, unitsLeft: 0 };

  constructor({ discounts }: ArticleTable) {
    this.#discounts = discounts;
    this.#units = new Float64Array(discounts.length);
  }

  sold(discount: number, units: number): void {
    let l = this.#discounts.findIndex((level) => level >= discount - 1e-6);
    if (l === -1) l = this.#discounts.length - 1;
    this.#units[l]! += units;
  }

  add(profit: number, held: number, isHeld: boolean, left: number): void {
    const sums = this.#sums;
    sums.articles++;
    sums.profit += profit;
    sums.unitsLeft += left;
    if (Number.isNaN(held)) return;
    if (!isHeld) sums.changed++;
    sums.compared++;
    sums.comparedProfit += profit;
    sums.heldProfit += held;
  }

  finish(): PlanTotals {
    return {
      ...this.#sums,
      unitsSold: this.#units.reduce((sum, units) => sum + units, 0),
      reasons: Object.fromEntries(REASONS.map((reason, i) => [reason, this.reasons[i]!])),
      unitsByDiscount: Array.from(this.#discounts, (discount, l) => ({ discount, units: this.#units[l]! })),
    };
  }
}
