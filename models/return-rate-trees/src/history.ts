import type { Batch, Week } from '@hemline/core';
import type { SoldCohorts } from './cohort-table.ts';
import { countsAsOf, type ItemCounts } from './counts.ts';
import { GroupSums } from './groups.ts';
import { priorStrength, type Strengths } from './shrunk-rates.ts';
import type { Timelines } from './timelines.ts';

/** Groups that rates are pooled by. */
export const POOLS = {
  group: ['group', 'market'],
  market: ['market'],
  brand: ['brand'],
} as const satisfies Record<string, readonly string[]>;

/** What was known of each series, and of what it is part of, as of any week. */
export class History {
  readonly table: SoldCohorts;
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
  constructor(table: SoldCohorts, timelines: Timelines, items: Batch, cutoff: Week) {
    this.table = table;
    this.timelines = timelines;
    this.lastWeek = Math.round((cutoff - table.firstWeek) / 7);
    const weeks = this.lastWeek + 1;
    const sums = (columns: readonly string[]): GroupSums => GroupSums.by(items, columns, timelines, weeks);
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
   * Writes counts of a series and of what it is part of.
   * @param series its number
   * @param week as of whose end, since the first one
   * @param into where to
   * @param row of the item there, with nothing in it
   */
  writeCounts(series: number, week: number, into: ItemCounts, row: number): void {
    const { timelines, pools } = this;
    into.copy('own', row, timelines, timelines.at(series, week));
    let [returned, exposure] = [0, 0];
    for (let other = this.#articleStart[series]!; other < this.#articleEnd[series]!; other++) {
      const at = other === series ? -1 : timelines.at(other, week);
      if (at === -1) continue;
      returned += timelines.returned[at]!;
      exposure += timelines.exposure[at]!;
    }
    into.set('others', row, returned, exposure);
    for (const level of ['group', 'market', 'brand', 'all'] as const)
      into.copy(level, row, pools[level], pools[level].at(pools[level].groups[series]!, week));
  }

  /** From what is known at the cutoff. */
  #estimateStrengths(): Strengths {
    const { lastWeek, timelines } = this;
    const { group, market, brand } = this.pools;
    const within = (pool: GroupSums, groups: Int32Array, count: number): number =>
      priorStrength(countsAsOf(pool, pool.count, lastWeek), groups, count);
    const alone = (pool: GroupSums): number => within(pool, new Int32Array(pool.count), 1);
    const marketOf = new Int32Array(group.count);
    group.groups.forEach((one, series) => (marketOf[one] = market.groups[series]!));
    return {
      market: alone(market),
      group: within(group, marketOf, Math.max(1, market.count)),
      brand: alone(brand),
      article: priorStrength(
        countsAsOf(timelines, group.groups.length, lastWeek),
        group.groups,
        Math.max(1, group.count),
      ),
    };
  }
}

/** First and one past the last series of the article of each series. */
function articleRanges({ keys, series }: SoldCohorts): [Int32Array, Int32Array] {
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
