import type { StringColumn } from '@hemline/core';
import type { LimitNow } from '../api/index.ts';
import { decisions, readLimits } from '@hemline/hemline';
import { Home } from '@hemline/runs';
import {
  choiceCosts,
  limitsAbout,
  LinkingLimits,
  type LimitSums,
  type PricingLimits,
} from '@hemline/pricing';
import { givenFile, type PricingSummary } from '@hemline/pricing/job';

/** Bytes of forecasts that are held, at most: of larger runs each article is read when it is asked for. */
export const MOST_BYTES = 500e6;

/** What is missed by less than this share of its size is met, as pricing has it. */
const TOLERANCE = 1e-5;

/** Milliseconds of work before others have their turn. */
const TURN = 15;

/** Discounts in the place of those of the plan: cells of the appraiser, all of one article. */
export interface Changes {
  readonly cells: readonly number[];
  readonly discounts: readonly number[];
}

/** Where runs and data are. */
export interface AppraiserOptions {
  readonly home?: string | undefined;
  readonly data?: string | undefined;
  readonly descriptor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Articles that are read; all by default, whose sums are told then. */
  readonly only?: decisions.OnlyArticles | undefined;
}

/** Tells what other discounts than those of the plan come to, by its forecasts: an article at a time, in milliseconds. */
export class Appraiser {
  readonly plan: decisions.PricedPlan;
  /** As they were priced by; null where there were none, or their file is another by now. */
  readonly limits: PricingLimits | null;
  readonly #linking: LinkingLimits | null;
  /** Where its limits stand among those of the run, and how many there are. */
  readonly #places: { readonly business: readonly number[]; readonly count: number };
  readonly #summary: PricingSummary;
  /** What all plans come to. */
  #sums: LimitSums = { value: new Float64Array(0), base: new Float64Array(0) };
  readonly #articleOf: ReadonlyMap<string, number>;
  readonly #marketOf: ReadonlyMap<string, number>;
  readonly #weekAt: ReadonlyMap<number, number>;

  private constructor(
    plan: decisions.PricedPlan,
    given: PricingLimits | null,
    summary: PricingSummary,
    isPart: boolean,
  ) {
    this.plan = plan;
    const all = given?.business.map((_, i) => i) ?? [];
    const about =
      given !== null && isPart ? limitsAbout(given, plan.table) : { limits: given, business: all };
    const { limits } = about;
    this.limits = limits;
    this.#places = { business: about.business, count: all.length };
    this.#summary = summary;
    this.#linking = limits === null ? null : new LinkingLimits(limits, plan.table);
    const { articles, markets, weeks } = plan.table;
    this.#articleOf = rowsOf(articles.strings('article'));
    this.#marketOf = rowsOf(markets.strings('market'));
    this.#weekAt = new Map([...weeks].map((week, t) => [week, t]));
  }

  /**
   * Reads the forecasts of a run again, and adds up what its plans come to.
   * @param priced the run
   * @param summary of it
   * @param options where runs and data are
   * @returns the appraiser
   */
  static async open(
    priced: decisions.PricedRun,
    summary: PricingSummary,
    options: AppraiserOptions,
  ): Promise<Appraiser> {
    const plan = await decisions.readPricedPlan(priced.known.record.run, options);
    const made = new Appraiser(plan, await limitsOf(priced, options), summary, options.only !== undefined);
    if (options.only === undefined) await made.#measureAll();
    return made;
  }

  /**
   * @param article name
   * @param market name
   * @param week first day
   * @returns its cell; −1 where it is not priced
   */
  cell(article: string, market: string, week: number): number {
    const { offsets, market: marketOf, weeks } = this.plan.table;
    const [a, m] = [this.#articleOf.get(article), this.#marketOf.get(market)];
    const t = this.#weekAt.get(week);
    if (a === undefined || m === undefined || t === undefined) return -1;
    for (let n = offsets[a]!; n < offsets[a + 1]!; n++)
      if (marketOf[n] === m) {
        const cell = n * weeks.length + t;
        return Number.isNaN(this.plan.valuer.discountAt(cell)) ? -1 : cell;
      }
    return -1;
  }

  /**
   * @param article name
   * @returns its row; −1 where it is not priced
   */
  articleRow(article: string): number {
    const a = this.#articleOf.get(article);
    return a === undefined || !this.plan.valuer.isPriced(a) ? -1 : a;
  }

  /**
   * What discounts cost, in the place of the plan's: each after those before.
   * @param changes of one article
   * @returns costs, in the currency of the data
   */
  costs({ cells, discounts }: Changes): Float64Array {
    return choiceCosts(this.plan.valuer, {
      cells: Int32Array.from(cells),
      discounts: Float64Array.from(discounts),
    });
  }

  /**
   * What discounts change of the limits.
   * @param article row
   * @param changes of this article
   * @returns changes of what limits come to, value and base of each after the other
   */
  effect(article: number, { cells, discounts }: Changes): Float64Array {
    const limits = this.#linking;
    const effect = new Float64Array(2 * this.#places.count);
    if (limits === null || cells.length === 0) return effect;
    const { valuer } = this.plan;
    const planned = this.#measured(limits, article);
    const before = cells.map((cell) => valuer.discountAt(cell));
    cells.forEach((cell, i) => valuer.set(cell, discounts[i]!));
    const changed = this.#measured(limits, article);
    cells.forEach((cell, i) => valuer.set(cell, before[i]!));
    this.#places.business.forEach((place, i) => {
      for (const side of [0, 1]) effect[2 * place + side] = changed[2 * i + side]! - planned[2 * i + side]!;
    });
    return effect;
  }

  /**
   * @param effects changes by decisions, all articles together; null: not known
   * @returns the limits as they are
   */
  limitsNow(effects: Float64Array | null): LimitNow[] {
    const now = effects === null || this.#linking === null ? null : this.#withEffects(this.#linking, effects);
    return limitRows(this.#summary, now, this.limits);
  }

  #withEffects(linking: LinkingLimits, effects: Float64Array): Map<string, number> {
    const { value, base } = this.#sums;
    const measured = linking.measured({
      value: value.map((sum, i) => sum + (effects[2 * i] ?? 0)),
      base: base.map((sum, i) => sum + (effects[2 * i + 1] ?? 0)),
    });
    return new Map(measured.map(({ limit, value }) => [limit.name, value]));
  }

  #measured(linking: LinkingLimits, article: number): Float64Array {
    const measure = linking.measure();
    this.plan.valuer.value(article);
    this.plan.valuer.measureInto(measure);
    const { value, base } = measure.sums;
    return Float64Array.from({ length: 2 * value.length }, (_, i) => (i % 2 === 0 ? value : base)[i >> 1]!);
  }

  async #measureAll(): Promise<void> {
    const linking = this.#linking;
    if (linking === null) return;
    const measure = linking.measure();
    const { valuer, table } = this.plan;
    await inTurns(table.articles.length, (a) => {
      if (!valuer.isPriced(a)) return;
      valuer.value(a);
      valuer.measureInto(measure);
    });
    this.#sums = measure.sums;
  }
}

/**
 * @param summary of a run
 * @param now values by name; null: not known
 * @param limits as they were given; null: not known
 * @returns the limits of the run, with their values
 */
export function limitRows(
  summary: PricingSummary,
  now: ReadonlyMap<string, number> | null,
  limits: PricingLimits | null,
): LimitNow[] {
  return summary.limits.map(({ limit: name, lower, upper, value: planned, inWords }) => {
    const measure = limits?.business.find((each) => each.name === name)?.limit ?? '';
    const value = now?.get(name) ?? NaN;
    const missed = Number.isNaN(value)
      ? 0
      : Math.max(0, (lower ?? -Infinity) - value, value - (upper ?? Infinity));
    const size = measure === 'discount-rate' ? 1 : Math.max(1, Math.abs(value));
    const isMet = !(missed > TOLERANCE * size);
    return {
      ...{ name, measure, lower, upper, planned, now: Number.isNaN(value) ? null : value },
      ...{ isMet, missedBy: isMet ? 0 : missed, inWords },
    };
  });
}

/**
 * Does work piece by piece, such that requests are answered in between.
 * @param count of pieces
 * @param work with each
 */
export async function inTurns(count: number, work: (i: number) => void): Promise<void> {
  let began = performance.now();
  for (let i = 0; i < count; i++) {
    work(i);
    if (performance.now() - began < TURN) continue;
    await new Promise(setImmediate);
    began = performance.now();
  }
}

/**
 * @param priced a run
 * @param options where runs are
 * @returns its limits as they were priced by; null where there were none, or their file is another by now
 */
export async function limitsOf(
  priced: decisions.PricedRun,
  { home }: Pick<AppraiserOptions, 'home'>,
): Promise<PricingLimits | null> {
  const { limits: given } = priced.origin;
  const file = await decisions.placeOfGiven(new Home(home), priced, 'limits');
  if (given === null || file === null) return null;
  try {
    const { limits, text } = await readLimits(file);
    return givenFile(file, text).sha256 === given.sha256 ? limits : null;
  } catch {
    // The plan stands without its file of limits; what they come to now is not told.
    return null;
  }
}

function rowsOf({ values, dictionary }: StringColumn): Map<string, number> {
  return new Map(Array.from(values, (code, row) => [dictionary[code]!, row]));
}
