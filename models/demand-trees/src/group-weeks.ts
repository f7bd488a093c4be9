import { DAYS_PER_WEEK, type Week } from '@hemline/core';
import type { SeriesStore } from './series-store.ts';

/** Numbers kept of a group in a week. */
const [DEMAND, KNOWN, DEPTH, PLANNED, DEEPEST, SECOND] = [0, 1, 2, 3, 4, 5] as const;
/** How many there are, before the covariates with two each. */
const FIXED = 6;
/** Weeks that there is room for at first. */
const ROOM = 256;

/** What the other series of a group plan for a week. */
export interface OthersPlan {
  /** Mean of −log(1 − discount); NaN where nothing is planned. */
  readonly depth: number;
  /** The largest of them. */
  readonly deepest: number;
}

/**
 * What is known of each group and week over all its series: how much was demanded, and what is planned. Panels are added one by one;
 * memory grows with groups × weeks alone.
 */
export class GroupWeeks {
  readonly #covariates: number;
  readonly #width: number;
  readonly #groups: { first: number; values: Float64Array }[] = [];

  /** @param covariates planned ones, the first of a store's */
  constructor(covariates: number) {
    this.#covariates = covariates;
    this.#width = FIXED + 2 * covariates;
  }

  /**
   * @param store series of which demand after the cutoff is not known
   * @param groups number of each series' group
   */
  add(store: SeriesStore, groups: Int32Array): void {
    const { offsets, weeks, demand, depth, planned } = store;
    for (let series = 0; series + 1 < offsets.length; series++) {
      const [from, to] = [offsets[series]!, offsets[series + 1]!];
      if (from === to) continue;
      const group = this.#cover(groups[series]!, numberOf(weeks[from]!), numberOf(weeks[to - 1]!));
      const { values } = group;
      for (let row = from; row < to; row++) {
        const at = (numberOf(weeks[row]!) - group.first) * this.#width;
        if (demand[row]! === demand[row]!) {
          values[at + DEMAND]! += Math.log1p(demand[row]!);
          values[at + KNOWN]!++;
        }
        const own = depth[row]!;
        if (own === own) {
          values[at + DEPTH]! += own;
          values[at + PLANNED]!++;
          if (own >= values[at + DEEPEST]!) {
            values[at + SECOND] = values[at + DEEPEST]!;
            values[at + DEEPEST] = own;
          } else if (own > values[at + SECOND]!) values[at + SECOND] = own;
        }
        for (let i = 0; i < this.#covariates; i++) {
          const value = planned[i]![row]!;
          if (value !== value) continue;
          values[at + FIXED + 2 * i]! += value;
          values[at + FIXED + 2 * i + 1]!++;
        }
      }
    }
  }

  /**
   * @param group number
   * @param week asked about
   * @param own −log(1 − discount) of the series that asks, as it was added; NaN where it has none
   * @returns what the others plan
   */
  others(group: number, week: Week, own: number): OthersPlan {
    const at = this.#at(group, week);
    if (at === -1) return { depth: NaN, deepest: NaN };
    const { values } = this.#groups[group]!;
    const isThere = own === own ? 1 : 0;
    const count = values[at + PLANNED]! - isThere;
    if (count <= 0) return { depth: NaN, deepest: NaN };
    const sum = values[at + DEPTH]! - (isThere === 1 ? own : 0);
    const isDeepest = isThere === 1 && own >= values[at + DEEPEST]!;
    return { depth: rounded(sum / count), deepest: values[at + (isDeepest ? SECOND : DEEPEST)]! };
  }

  /**
   * @param group number
   * @param week asked about
   * @param covariate which
   * @param own value of the series that asks; NaN where it has none
   * @returns mean over the others; NaN where there is none
   */
  othersCovariate(group: number, week: Week, covariate: number, own: number): number {
    const at = this.#at(group, week);
    if (at === -1) return NaN;
    const { values } = this.#groups[group]!;
    const isThere = own === own ? 1 : 0;
    const count = values[at + FIXED + 2 * covariate + 1]! - isThere;
    return count <= 0
      ? NaN
      : rounded((values[at + FIXED + 2 * covariate]! - (isThere === 1 ? own : 0)) / count);
  }

  /**
   * Mean of log(1 + demand) over the series of a group and some weeks.
   * @param group number
   * @param last week
   * @param weeks how many, up to the last
   * @returns the mean; NaN where nothing is known
   */
  level(group: number, last: Week, weeks: number): number {
    const entry = this.#groups[group];
    if (entry === undefined) return NaN;
    const [first, rows] = [entry.first, entry.values.length / this.#width];
    let [sum, count] = [0, 0];
    const end = Math.min(rows - 1, numberOf(last) - first);
    for (let week = Math.max(0, numberOf(last) - first - weeks + 1); week <= end; week++) {
      sum += entry.values[week * this.#width + DEMAND]!;
      count += entry.values[week * this.#width + KNOWN]!;
    }
    return count === 0 ? NaN : rounded(sum / count);
  }

  #at(group: number, week: Week): number {
    const entry = this.#groups[group];
    if (entry === undefined) return -1;
    const at = (numberOf(week) - entry.first) * this.#width;
    return at < 0 || at >= entry.values.length ? -1 : at;
  }

  #cover(group: number, first: number, last: number): { first: number; values: Float64Array } {
    while (this.#groups.length <= group) this.#groups.push({ first: 0, values: new Float64Array() });
    const entry = this.#groups[group]!;
    const rows = entry.values.length / this.#width;
    if (rows > 0 && first >= entry.first && last < entry.first + rows) return entry;
    const from = rows === 0 ? first : Math.min(first, entry.first);
    const to = rows === 0 ? Math.max(last, first + ROOM - 1) : Math.max(last, entry.first + rows - 1);
    const values = new Float64Array((to - from + 1) * this.#width);
    values.set(entry.values, (entry.first - from) * this.#width * (rows === 0 ? 0 : 1));
    this.#groups[group] = { first: from, values };
    return this.#groups[group];
  }
}

/** Weeks as whole numbers, whatever the weekday that they begin on. */
function numberOf(week: Week): number {
  return Math.floor(week / DAYS_PER_WEEK);
}

/** Sums differ in their last bits by the order of the series: nothing may depend on that. */
function rounded(value: number): number {
  return Math.round(value * 2 ** 20) / 2 ** 20;
}
