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
import { countsAsOf, ItemCounts, type CountColumns } from './counts.ts';
import type { GroupPrices } from './groups.ts';
import { POOLS, type History } from './history.ts';
import { RECENT, unknownWeeks, writeRecentWeeks, type RecentWeeks } from './recent-weeks.ts';
import type { Strengths } from './shrunk-rates.ts';

type Pool = keyof typeof POOLS;

/** Counts of all items together. */
interface TotalCounts {
  readonly returned: number;
  readonly exposure: number;
}

/** What is known of items: an item a row in every column. */
export interface KnownItems {
  readonly counts: ItemCounts;
  readonly recent: RecentWeeks;
  /** Mean log price of the group. */
  readonly groupPrice: Float64Array;
  /** Units sold, young ones counted by their maturity. */
  readonly support: Float64Array;
}

/** What is known at the cutoff of every item, and of what items are part of: what a forecast starts from. */
export class ItemStates {
  readonly strengths: Strengths;
  readonly #items: Batch;
  readonly #index: KeyIndex;
  readonly #articles: KeyIndex;
  /** Sums of counts over the markets of each article. */
  readonly #articleCounts: CountColumns;
  readonly #pools: Readonly<Record<Pool, { readonly table: Batch; readonly index: KeyIndex }>>;
  readonly #all: TotalCounts;

  private constructor(
    items: Batch,
    pools: Readonly<Record<Pool, Batch>>,
    all: TotalCounts,
    strengths: Strengths,
  ) {
    this.strengths = strengths;
    this.#items = items;
    this.#index = indexOf(items, SERIES_KEY);
    this.#articles = new KeyIndex(['article']);
    const articles = this.#articles.add(items);
    const { returned, exposure } = countsOf(items);
    this.#articleCounts = {
      returned: new Float64Array(this.#articles.size),
      exposure: new Float64Array(this.#articles.size),
    };
    articles.forEach((article, row) => {
      this.#articleCounts.returned[article]! += returned[row]!;
      this.#articleCounts.exposure[article]! += exposure[row]!;
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
    const recent = unknownWeeks(items.length);
    for (let one = 0; one < items.length; one++) writeRecentWeeks(table, one, lastWeek, recent, one);
    const states: Record<string, Column> = countTable(countsAsOf(timelines, items.length, lastWeek));
    states['support'] = float64Column(support);
    for (const name of RECENT) states[name] = float64Column(recent[name]);
    const pooled = (pool: Pool): Batch => {
      const { groups, count } = pools[pool];
      const first = new Uint32Array(count);
      for (let one = groups.length - 1; one >= 0; one--) first[groups[one]!] = one;
      const keys = POOLS[pool].map((name) => [name, takeColumn(items.column(name), first)] as const);
      return new Batch({
        ...Object.fromEntries(keys),
        ...countTable(countsAsOf(pools[pool], count, lastWeek)),
        ...(pool === 'group' ? { logPrice: float64Column(prices.values) } : {}),
      });
    };
    const all = countsAsOf(pools.all, 1, lastWeek);
    return new ItemStates(
      items.select(SERIES_KEY).with(states),
      { group: pooled('group'), market: pooled('market'), brand: pooled('brand') },
      { returned: all.returned[0]!, exposure: all.exposure[0]! },
      history.strengths,
    );
  }

  /**
   * @param items with article, market, group and brand
   * @returns what is known of each; nothing of what was never seen
   */
  lookup(items: Batch): KnownItems {
    const rows = this.#index.find(items);
    const counts = new ItemCounts(items.length);
    const own = countsOf(this.#items);
    rows.forEach((row, item) => counts.copy('own', item, own, row));
    this.#articles.find(items).forEach((article, item) => {
      if (article === -1) return;
      const { returned, exposure } = this.#articleCounts;
      // A sum and one of its parts: rounding must not leave a negative rest.
      counts.set(
        'others',
        item,
        Math.max(0, returned[article]! - counts.returned.own[item]!),
        Math.max(0, exposure[article]! - counts.exposure.own[item]!),
      );
    });
    for (const pool of Object.keys(POOLS) as Pool[]) {
      const { table, index } = this.#pools[pool];
      const sums = countsOf(table);
      index.find(items).forEach((group, item) => counts.copy(pool, item, sums, group));
    }
    counts.returned.all.fill(this.#all.returned);
    counts.exposure.all.fill(this.#all.exposure);
    const recent = unknownWeeks(items.length);
    for (const name of RECENT) {
      const values = this.#items.floats(name);
      rows.forEach((row, item) => {
        if (row !== -1) recent[name][item] = values[row]!;
      });
    }
    const prices = this.#pools.group.table.floats('logPrice');
    const support = this.#items.floats('support');
    return {
      counts,
      recent,
      groupPrice: Float64Array.from(this.#pools.group.index.find(items), (group) => prices[group] ?? NaN),
      support: Float64Array.from(rows, (row) => support[row] ?? 0),
    };
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
    const { all, strengths } = (await artifact.readJson('pools')) as {
      readonly all: TotalCounts;
      readonly strengths: Strengths;
    };
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

function countsOf(table: Batch): CountColumns {
  return { returned: table.floats('returned'), exposure: table.floats('exposure') };
}

function countTable({ returned, exposure }: CountColumns): Record<keyof CountColumns, Column> {
  return { returned: float64Column(returned), exposure: float64Column(exposure) };
}
