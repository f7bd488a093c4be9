import { Batch, DAYS_PER_WEEK, KeyIndex, SERIES_KEY, takeRows, type Week } from '@hemline/core';
import { GroupedSums } from '@hemline/features';

/** Weeks before the blocks of their own are dealt into so many: the spread between them tells chance from difference. */
const OLDER_BLOCKS = 4;

/** How weeks are dealt into blocks. */
export interface BlockShape {
  /** The last week whose observations are final. */
  readonly lastWeek: Week;
  /** Weeks of a block. */
  readonly blockWeeks: number;
  /** Blocks that are told apart, the latest being 0; older weeks share four blocks. */
  readonly recent: number;
  /** Values that are observed. */
  readonly targets: number;
}

/** Observations of one value in one block, a row an item. */
export interface BlockObservations {
  /** Amount a unit; 0 where there is no unit. */
  readonly values: Float64Array;
  readonly units: Float64Array;
}

/**
 * Amounts and units by item and block of weeks: one pass over the data, whatever comes first. Sums are compensated:
 * the order of the data makes no difference. Memory: 32 bytes an item, block and value, and the names.
 */
export class ItemBlocks {
  readonly shape: BlockShape;
  readonly #index = new KeyIndex(SERIES_KEY);
  /** Amounts of each value and block, then units. */
  readonly #sums: GroupedSums;
  /** Numbers of the items in the order of their names: the same whatever the order of the data. */
  #order: Uint32Array = new Uint32Array(0);

  /** @param shape how weeks are dealt into blocks */
  constructor(shape: BlockShape) {
    this.shape = shape;
    this.#sums = new GroupedSums(2 * shape.targets * this.blocks);
  }

  /** How many blocks there are: 0, the latest, up to the oldest. */
  get blocks(): number {
    return this.shape.recent + OLDER_BLOCKS;
  }

  /**
   * Adds observations; those after the last week are passed over.
   * @param keys `article` and `market` of each row
   * @param weeks of each row
   * @param target number of the value
   * @param amounts of each row, or null to add units alone
   * @param units of each row, or null to add amounts alone
   */
  add(
    keys: Batch,
    weeks: Int32Array,
    target: number,
    amounts: Float64Array | null,
    units: Float64Array | null,
  ): void {
    const items = this.#index.add(keys);
    this.#sums.reserve(this.#index.size);
    const toUnits = this.shape.targets * this.blocks;
    for (let row = 0; row < items.length; row++) {
      const block = this.#blockOf(weeks[row]!);
      if (block === null) continue;
      const cell = target * this.blocks + block;
      if (amounts !== null && !Number.isNaN(amounts[row]!)) this.#sums.add(items[row]!, cell, amounts[row]!);
      if (units !== null && !Number.isNaN(units[row]!))
        this.#sums.add(items[row]!, toUnits + cell, units[row]!);
    }
  }

  /** `article` and `market` of every item, sorted. Call once all is added. */
  items(): Batch {
    const [article, market] = this.#index.toColumns();
    const items = new Batch({ article: article!, market: market! }, this.#index.size);
    this.#order = byName(items);
    return takeRows(items, this.#order);
  }

  /**
   * @param target number of the value
   * @param block 0 for the latest
   * @returns what was observed, in the order of `items`
   */
  observations(target: number, block: number): BlockObservations {
    const values = new Float64Array(this.#index.size);
    const units = new Float64Array(this.#index.size);
    const cell = target * this.blocks + block;
    for (let item = 0; item < units.length; item++) {
      const from = this.#order[item]!;
      units[item] = this.#sums.at(from, this.shape.targets * this.blocks + cell);
      if (units[item]! > 0) values[item] = this.#sums.at(from, cell) / units[item]!;
    }
    return { values, units };
  }

  #blockOf(week: Week): number | null {
    const { lastWeek, blockWeeks, recent } = this.shape;
    if (week > lastWeek) return null;
    const age = Math.floor((lastWeek - week) / DAYS_PER_WEEK);
    const block = Math.floor(age / blockWeeks);
    return block < recent ? block : recent + (age % OLDER_BLOCKS);
  }
}

function byName(items: Batch): Uint32Array {
  const names = ['market', 'article'].map((name) => {
    const { values, dictionary } = items.strings(name);
    return Array.from(values, (code) => dictionary[code]!);
  }) as [string[], string[]];
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return Uint32Array.from(items.strings('article').values.keys()).sort(
    (a, b) => compare(names[0][a]!, names[0][b]!) || compare(names[1][a]!, names[1][b]!),
  );
}
