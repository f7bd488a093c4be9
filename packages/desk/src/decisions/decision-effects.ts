import { parseWeek } from '@hemline/core';
import type { Action, LimitNow } from '../api/index.ts';
import { inTurns, limitRows, type Appraiser } from '../article/appraiser.ts';
import { MOST_READ, type Appraisers } from '../article/appraisers.ts';
import type { BookContext } from './book-context.ts';
import type { Journal } from './journal.ts';
import { unpackDiscounts } from './packed-discounts.ts';
import type { ResolvedRow } from './resolve-rows.ts';

/** Costs of decisions, by row of the list. */
export type Costs = ReadonlyMap<number, number>;

/** Tells what decisions cost, and what they change of the limits. */
export class DecisionEffects {
  readonly #journal: Journal;
  readonly #context: BookContext;
  /** What decisions change of the limits, by article. */
  readonly #effects = new Map<string, Float64Array>();
  #sum: Float64Array | null = null;
  #stale = new Set<string>();
  #settling: Promise<void> | null = null;

  /**
   * @param journal of all decisions
   * @param context list, rules
   */
  constructor(journal: Journal, context: BookContext) {
    this.#journal = journal;
    this.#context = context;
  }

  /**
   * Has what holds of an article told anew when limits are asked for next.
   * @param article name
   */
  changed(article: string): void {
    this.#stale.add(article);
  }

  /**
   * What a decision would cost, and change of the limits, beside all others that hold.
   * @param resolved rows of the decision
   * @param weeks positions that it is about
   * @param action of the person
   * @returns cost of all and of each row, null or missing where it cannot be told; effects on the limits, by article
   */
  async appraised(
    resolved: readonly ResolvedRow[],
    weeks: readonly number[],
    action: Action,
  ): Promise<{
    readonly cost: number | null;
    readonly costs: ReadonlyMap<number, number>;
    readonly effects: Map<string, Float64Array>;
  }> {
    const costs = new Map<number, number>();
    const effects = new Map<string, Float64Array>();
    if (action.kind === 'priority') return { cost: 0, costs, effects };
    const appraisers = await this.#context.appraisers();
    const { list } = this.#context.view;
    const { article, articles, market, markets } = list;
    const byArticle = Map.groupBy(resolved, ({ row }) => article[row]!);
    if (appraisers === null || (appraisers.whole === null && byArticle.size > MOST_READ)) {
      // The plan itself costs nothing, whatever the forecasts are.
      const isPlan = resolved.every(({ isManual }) => !isManual);
      for (const { row } of resolved) if (isPlan) costs.set(row, 0);
      return { cost: isPlan && action.kind === 'approve' ? 0 : null, costs, effects };
    }
    const groups = [...byArticle];
    await eachAppraised(
      appraisers,
      groups,
      ([a]) => articles.texts[a]!,
      (appraiser, [a, own]) => {
        const name = articles.texts[a]!;
        const number = appraiser.articleRow(name);
        if (number === -1) return;
        const replaced = new Set(own.map(({ row }) => markets.texts[market[row]!]!));
        const standing = this.#decidedOf(name, appraiser, replaced);
        const cells = [...standing.cells];
        const discounts = [...standing.discounts];
        const rowOfCell: number[] = standing.cells.map(() => -1);
        for (const each of own)
          weeks.forEach((week, w) => {
            const discount = each.discounts[w] ?? NaN;
            if (!each.isManual || Number.isNaN(discount)) return;
            const cell = appraiser.cell(name, markets.texts[market[each.row]!]!, list.weeks[week]!);
            if (cell === -1) return;
            cells.push(cell);
            discounts.push(discount);
            rowOfCell.push(each.row);
          });
        for (const { row } of own) costs.set(row, 0);
        appraiser.costs({ cells, discounts }).forEach((cost, k) => {
          const row = rowOfCell[k]!;
          if (row !== -1 && !Number.isNaN(cost)) costs.set(row, costs.get(row)! + cost);
        });
        effects.set(name, appraiser.effect(number, { cells, discounts }));
      },
    );
    return { cost: sumOf(resolved, costs), costs, effects };
  }

  /**
   * @param instead effects of articles, in the place of those of the decisions that hold
   * @returns the limits as they are then
   */
  async limitsWith(instead: ReadonlyMap<string, Float64Array>): Promise<LimitNow[]> {
    const { summary } = this.#context;
    if (summary.limits.length === 0) return [];
    const appraisers = await this.#context.appraisers();
    if (appraisers === null) return limitRows(summary, null, null);
    if (!(await this.#settle(appraisers))) return appraisers.limitsNow(null);
    const sum = (this.#sum ?? new Float64Array(0)).slice();
    const size = Math.max(sum.length, ...[...instead.values()].map(({ length }) => length));
    const all = new Float64Array(size);
    all.set(sum);
    for (const [article, effect] of instead) {
      const old = this.#effects.get(article);
      effect.forEach((value, i) => (all[i]! += value - (old?.[i] ?? 0)));
    }
    return appraisers.limitsNow(all);
  }

  /**
   * Tells anew what decisions about some articles change of the limits.
   * @param appraisers that tell it
   * @returns whether it could be told of all of them
   */
  async #settle(appraisers: Appraisers): Promise<boolean> {
    while (this.#settling !== null) await this.#settling;
    if (this.#stale.size === 0) return true;
    let names = [...this.#stale];
    if (appraisers.whole === null) {
      const isFixed = new Set(this.#fixedArticles());
      // What is as planned changes nothing, and need not be read for that.
      for (const name of names) if (!isFixed.has(name)) this.#effects.delete(name);
      names = names.filter((name) => isFixed.has(name));
      if (names.length > MOST_READ) return false;
    }
    this.#stale = new Set();
    const failed = new Set(names);
    this.#settling = eachAppraised(
      appraisers,
      names,
      (name) => name,
      (appraiser, name) => {
        failed.delete(name);
        const number = appraiser.articleRow(name);
        if (number !== -1)
          this.#effects.set(name, appraiser.effect(number, this.#decidedOf(name, appraiser)));
      },
    ).then(() => {
      const size = this.#effects.values().next().value?.length ?? 0;
      const sum = new Float64Array(size);
      for (const effect of this.#effects.values()) effect.forEach((value, k) => (sum[k]! += value));
      this.#sum = sum;
    });
    try {
      await this.#settling;
    } finally {
      this.#settling = null;
    }
    for (const name of failed) this.#stale.add(name);
    return failed.size === 0;
  }

  /** Articles that somebody has fixed a discount of. */
  #fixedArticles(): string[] {
    const rows = this.#journal.all(
      `SELECT DISTINCT s.article FROM row_states s
       JOIN decision_rows r ON r.decision = s.effective AND r.article = s.article AND r.market = s.market
       WHERE s.effective > 0 AND r.is_manual = 1`,
    );
    return rows.map((row) => String(row['article']));
  }

  /**
   * Discounts of an article that people have fixed, in the place of the plan's.
   * @param article name
   * @param appraiser that knows its cells
   * @param except rows that are left out, by market
   * @returns cells and discounts
   */
  #decidedOf(
    article: string,
    appraiser: Appraiser,
    except: ReadonlySet<string> = new Set(),
  ): { readonly cells: number[]; readonly discounts: number[]; readonly markets: string[] } {
    const found = { cells: [] as number[], discounts: [] as number[], markets: [] as string[] };
    const rows = this.#journal.all(
      `SELECT r.market, r.discount, r.discounts, d.weeks FROM row_states s
       JOIN decision_rows r ON r.decision = s.effective AND r.article = s.article AND r.market = s.market
       JOIN decisions d ON d.id = s.effective WHERE s.article = ? AND s.effective > 0 AND r.is_manual = 1`,
      article,
    );
    for (const row of rows) {
      const market = String(row['market']);
      if (except.has(market)) continue;
      const weeks = JSON.parse(String(row['weeks'])) as string[];
      const discounts = unpackDiscounts(row, weeks.length);
      weeks.forEach((week, i) => {
        const cell = appraiser.cell(article, market, parseWeek(week));
        if (cell === -1 || Number.isNaN(discounts[i]!)) return;
        found.cells.push(cell);
        found.discounts.push(discounts[i]!);
        found.markets.push(market);
      });
    }
    return found;
  }
}

/** From memory all articles in turns; else each is read first. Those that cannot be read are passed over. */
async function eachAppraised<T>(
  appraisers: Appraisers,
  all: readonly T[],
  nameOf: (each: T) => string,
  work: (appraiser: Appraiser, each: T) => void,
): Promise<void> {
  const { whole } = appraisers;
  if (whole !== null) return inTurns(all.length, (i) => work(whole, all[i]!));
  for (const each of all) {
    const appraiser = await appraisers.of(nameOf(each));
    if (appraiser !== null) work(appraiser, each);
  }
}

/**
 * @param resolved rows of a decision
 * @param costs of rows
 * @returns their sum; null where the cost of a row is not known
 */
export function sumOf(resolved: readonly ResolvedRow[], costs: Costs): number | null {
  let sum = 0;
  for (const { row } of resolved) {
    const cost = costs.get(row);
    if (cost === undefined) return null;
    sum += cost;
  }
  return sum;
}
