import type { Batch } from '@hemline/core';
import { newArticlePlan, type ArticlePlan } from '../article/article-plan.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { DrawnWeek } from '../explore/exploration.ts';
import type { ProblemFiller } from '../inputs/fill-problem.ts';
import { limitsTable, measurePlans } from './limits-table.ts';
import { TotalsBuilder, type PlanTotals } from './plan-totals.ts';
import { reasonOf } from './reason.ts';
import { REASONS } from './schemas.ts';
import { TableRows } from './table-rows.ts';

/** Articles whose rows make a batch. */
const ARTICLES_PER_BATCH = 500;

/** Turns plans into tables. */
export class Recommender {
  readonly #table: ArticleTable;
  readonly #filler: ProblemFiller;
  readonly #portfolio: ArticlePortfolio;
  readonly #found: Coordination;
  readonly #drawn: DrawnWeek | null;
  /** Names of the experiments, and the number of each. */
  readonly #experiments: readonly string[];
  readonly #experimentOf: ReadonlyMap<string, number>;

  /**
   * @param table all articles
   * @param portfolio of the table
   * @param found plans
   * @param drawn what of them was drawn by lot; null: nothing
   */
  constructor(
    table: ArticleTable,
    portfolio: ArticlePortfolio,
    found: Coordination,
    drawn: DrawnWeek | null = null,
  ) {
    this.#table = table;
    this.#filler = portfolio.filler;
    this.#portfolio = portfolio;
    this.#found = found;
    this.#drawn = drawn;
    this.#experiments = [...new Set(drawn?.experiment.filter((name) => name !== null))];
    this.#experimentOf = new Map(this.#experiments.map((name, number) => [name, number]));
  }

  /**
   * The tables recommendations and articles, some articles at a time.
   * @yields batches of both
   */
  *batches(): Generator<{ readonly recommendations: Batch; readonly articles: Batch }, PlanTotals> {
    const totals = new TotalsBuilder(this.#table, this.#drawn?.totals);
    const A = this.#filler.articles;
    for (let from = 0; from < A; from += ARTICLES_PER_BATCH) {
      const rows = new TableRows(this.#table, this.#experiments);
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
    const { linking } = this.#portfolio;
    return limitsTable(linking, this.#found, measurePlans(this.#portfolio, this.#found.levels));
  }

  #article(a: number, rows: TableRows, totals: TotalsBuilder): void {
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
        const propensity = (t === 0 ? this.#drawn?.propensity[first + m] : undefined) ?? NaN;
        const isDrawn = !Number.isNaN(propensity);
        const reason = isDrawn
          ? 'explore'
          : reasonOf({
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
          propensity,
          isDrawn ? this.#experimentOf.get(this.#drawn!.experiment[first + m]!)! : -1,
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
