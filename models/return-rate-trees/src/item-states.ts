import {
  Batch,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  takeColumn,
  type ArtifactReader,
  type ArtifactWriter,
  type Column,
} from '@hemline/core';
import { type GroupPrices } from './group-prices.ts';
import { NO_COUNTS, type Counts } from './timelines.ts';
import { POOLS, type History } from './history.ts';
import { NO_WEEKS, recentWeeks, type RecentWeeks } from './recent-weeks.ts';
import type { ItemCounts, Strengths } from './shrunk-rates.ts';

const RECENT = ['usualDiscount', 'lastDiscount', 'lastPrice', 'sales', 'availability'] as const;

type Pool = keyof typeof POOLS;

/** What is known of an item. */
export interface KnownItem {
  readonly counts: ItemCounts;
  readonly recent: RecentWeeks;
  /** Mean log price of its group. */
  readonly groupPrice: number;
  /** Units sold, young ones counted by their maturity. */
  readonly support: number;
}

/** What is known at the cutoff of every item, and of what items are part of: what a forecast starts from. */
export class ItemStates {
  readonly strengths: Strengths;
  readonly #items: Batch;
  readonly #index: KeyIndex;
  readonly #articles: KeyIndex;
  /** Sums of counts over the markets of each article. */
  readonly #articleCounts: Float64Array;
  readonly #pools: Readonly<Record<Pool, { readonly table: Batch; readonly index: KeyIndex }>>;
  readonly #all: Counts;

  private constructor(items: Batch, pools: Readonly<Record<Pool, Batch>>, all: Counts, strengths: Strengths) {
    this.strengths = strengths;
    this.#items = items;
    this.#index = indexOf(items, SERIES_KEY);
    this.#articles = new KeyIndex(['article']);
    const articles = this.#articles.add(items);
    this.#articleCounts = new Float64Array(2 * this.#articles.size);
    const [returned, exposure] = [items.floats('returned'), items.floats('exposure')];
    articles.forEach((article, row) => {
      this.#articleCounts[2 * article]! += returned[row]!;
      this.#articleCounts[2 * article + 1]! += exposure[row]!;
    });
    this.#pools = {
      group: { table: pools.group, index: indexOf(pools.group, POOLS.group) },
      market: { table: pools.market, index: indexOf(pools.market, POOLS.market) },
      brand: { table: pools.brand, index: indexOf(pools.brand, POOLS.brand) },
    };
    this.#all = all;
  }

  /**
   * @param history up to the cutoff
   * @param items one a series, with group and brand
   * @param prices of the groups
   * @param support units sold of each item, young ones counted by their maturity
   * @returns the states
   */
  static of(history: History, items: Batch, prices: GroupPrices, support: Float64Array): ItemStates {
    const { table, timelines, lastWeek, pools } = history;
    const series = Array.from({ length: table.series.length }, (_, one) => one);
    const counts = series.map((one) => timelines.counts(one, lastWeek));
    const recent = series.map((one) => recentWeeks(table, one, lastWeek));
    const states: Record<string, Column> = {
      returned: float64Column(Float64Array.from(counts, (one) => one.returned)),
      exposure: float64Column(Float64Array.from(counts, (one) => one.exposure)),
    };
    states['support'] = float64Column(support);
    for (const name of RECENT) states[name] = float64Column(Float64Array.from(recent, (one) => one[name]));
    const pooled = (pool: Pool): Batch => {
      const { groups, count } = pools[pool];
      const first = new Uint32Array(count);
      for (let one = groups.length - 1; one >= 0; one--) first[groups[one]!] = one;
      const keys = POOLS[pool].map((name) => [name, takeColumn(items.column(name), first)] as const);
      const sums = Array.from({ length: count }, (_, group) => pools[pool].counts(group, lastWeek));
      return new Batch({
        ...Object.fromEntries(keys),
        returned: float64Column(Float64Array.from(sums, (one) => one.returned)),
        exposure: float64Column(Float64Array.from(sums, (one) => one.exposure)),
        ...(pool === 'group' ? { logPrice: float64Column(prices.values) } : {}),
      });
    };
    return new ItemStates(
      items.select(SERIES_KEY).with(states),
      { group: pooled('group'), market: pooled('market'), brand: pooled('brand') },
      pools.all.counts(0, lastWeek),
      history.strengths,
    );
  }

  /**
   * @param items with article, market, group and brand
   * @returns what is known of each; nothing of what was never seen
   */
  lookup(items: Batch): readonly KnownItem[] {
    const rows = this.#index.find(items);
    const articles = this.#articles.find(items);
    const found = {
      group: this.#pools.group.index.find(items),
      market: this.#pools.market.index.find(items),
      brand: this.#pools.brand.index.find(items),
    };
    const pooled = (pool: Pool, item: number): Counts =>
      countsAt(this.#pools[pool].table, found[pool][item]!);
    const recent = RECENT.map((name) => this.#items.floats(name));
    const prices = this.#pools.group.table.floats('logPrice');
    const support = this.#items.floats('support');
    return Array.from(rows, (row, item) => {
      const own = countsAt(this.#items, row);
      const article = articles[item]!;
      const [returned, exposure] =
        article === -1 ? [0, 0] : this.#articleCounts.subarray(2 * article, 2 * article + 2);
      return {
        counts: {
          own,
          // A sum and one of its parts: rounding must not leave a negative rest.
          others: {
            returned: Math.max(0, returned! - own.returned),
            exposure: Math.max(0, exposure! - own.exposure),
          },
          group: pooled('group', item),
          market: pooled('market', item),
          brand: pooled('brand', item),
          all: this.#all,
        },
        recent:
          row === -1
            ? NO_WEEKS
            : {
                usualDiscount: recent[0]![row]!,
                lastDiscount: recent[1]![row]!,
                lastPrice: recent[2]![row]!,
                sales: recent[3]![row]!,
                availability: recent[4]![row]!,
              },
        groupPrice: prices[found.group[item]!] ?? NaN,
        support: support[row] ?? 0,
      };
    });
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeTable('items', this.#items);
    for (const pool of Object.keys(POOLS) as Pool[])
      await artifact.writeTable(`pool-${pool}`, this.#pools[pool].table);
    await artifact.writeJson('pools', { all: this.#all, strengths: this.strengths });
  }

  /**
   * @param artifact where from
   * @returns the states
   */
  static async load(artifact: ArtifactReader): Promise<ItemStates> {
    const { all, strengths } = (await artifact.readJson('pools')) as { all: Counts; strengths: Strengths };
    const pools = {
      group: await artifact.readTable('pool-group'),
      market: await artifact.readTable('pool-market'),
      brand: await artifact.readTable('pool-brand'),
    };
    return new ItemStates(await artifact.readTable('items'), pools, all, strengths);
  }
}

function indexOf(table: Batch, columns: readonly string[]): KeyIndex {
  const index = new KeyIndex(columns);
  index.add(table);
  return index;
}

function countsAt(table: Batch, row: number): Counts {
  if (row === -1) return NO_COUNTS;
  return { returned: table.floats('returned')[row]!, exposure: table.floats('exposure')[row]! };
}
