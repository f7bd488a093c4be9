import type { Batch, Week } from '@hemline/core';
import { groupsOf } from './attributes.ts';
import type { CohortTable } from './cohort-table.ts';
import { GroupSums } from './group-sums.ts';
import { priorStrength } from './prior-strength.ts';
import type { ItemCounts, Strengths } from './shrunk-rates.ts';
import type { Counts, Timelines } from './timelines.ts';

/** Groups that rates are pooled by. */
export const POOLS = {
  group: ['group', 'market'],
  market: ['market'],
  brand: ['brand'],
} as const satisfies Record<string, readonly string[]>;

/** What was known of each series, and of what it is part of, as of any week. */
export class History {
  readonly table: CohortTable;
  readonly timelines: Timelines;
  readonly strengths: Strengths;
  /** Weeks since the first one. */
  readonly lastWeek: number;
  readonly pools: Readonly<Record<keyof typeof POOLS | 'all', GroupSums>>;
  readonly #articleStart: Int32Array;
  readonly #articleEnd: Int32Array;

  /**
   * @param table cohorts
   * @param timelines of the series
   * @param items one a series, with group and brand where they are known
   * @param cutoff the last known week
   */
  constructor(table: CohortTable, timelines: Timelines, items: Batch, cutoff: Week) {
    this.table = table;
    this.timelines = timelines;
    this.lastWeek = Math.round((cutoff - table.firstWeek) / 7);
    const weeks = this.lastWeek + 1;
    const sums = (columns: readonly string[]): GroupSums => {
      const { groups, index } = groupsOf(items, columns);
      return new GroupSums(groups, index.size, timelines, weeks);
    };
    this.pools = {
      group: sums(POOLS.group),
      market: sums(POOLS.market),
      brand: sums(POOLS.brand),
      all: new GroupSums(new Int32Array(items.length), 1, timelines, weeks),
    };
    [this.#articleStart, this.#articleEnd] = articleRanges(table);
    this.strengths = this.#estimateStrengths();
  }

  /**
   * @param series its number
   * @param week as of whose end, since the first one
   * @returns counts of the series and of what it is part of
   */
  counts(series: number, week: number): ItemCounts {
    const own = this.timelines.counts(series, week);
    let returned = 0;
    let exposure = 0;
    for (let other = this.#articleStart[series]!; other < this.#articleEnd[series]!; other++) {
      if (other === series) continue;
      const counts = this.timelines.counts(other, week);
      returned += counts.returned;
      exposure += counts.exposure;
    }
    const pooled = (pool: GroupSums): Counts => pool.counts(pool.groups[series]!, week);
    const { group, market, brand, all } = this.pools;
    return {
      own,
      others: { returned, exposure },
      group: pooled(group),
      market: pooled(market),
      brand: pooled(brand),
      all: pooled(all),
    };
  }

  /** From what is known at the cutoff. */
  #estimateStrengths(): Strengths {
    const { group, market, brand, all } = this.pools;
    const members = (pool: GroupSums, above: (group: number) => number): number => {
      const rates = Array.from({ length: pool.count }, (_, one) => ({
        ...pool.counts(one, this.lastWeek),
        group: above(one),
      }));
      return priorStrength(rates, Math.max(1, ...rates.map((rate) => rate.group + 1)));
    };
    const marketOf = new Int32Array(group.count);
    group.groups.forEach((one, series) => (marketOf[one] = market.groups[series]!));
    const series = Array.from(group.groups, (one, at) => ({
      ...this.timelines.counts(at, this.lastWeek),
      group: one,
    }));
    return {
      market: members(market, () => 0),
      group: members(group, (one) => marketOf[one]!),
      brand: members(brand, () => 0),
      article: priorStrength(series, Math.max(1, all.count, group.count)),
    };
  }
}

/** First and one past the last series of the article of each series. */
function articleRanges({ keys, series }: CohortTable): [Int32Array, Int32Array] {
  const start = new Int32Array(series.length);
  const end = new Int32Array(series.length);
  for (let at = 0; at < series.length;) {
    const article = keys.text(series[at]!, 0);
    let next = at + 1;
    while (next < series.length && keys.text(series[next]!, 0) === article) next++;
    start.fill(at, at, next);
    end.fill(next, at, next);
    at = next;
  }
  return [start, end];
}
