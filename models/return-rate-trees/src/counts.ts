/** Units that came back, and units sold that have had time to: a value a series, group, or item in each column. */
export interface CountColumns {
  readonly returned: Float64Array;
  readonly exposure: Float64Array;
}

/** Counts of series, or of groups of them, as of each week. */
export interface WeeklyCounts extends CountColumns {
  /**
   * @param one number of the series or group
   * @param week as of whose end
   * @returns where its counts stand in both arrays; −1 while nothing is known
   */
  at(one: number, week: number): number;
}

/**
 * @param weekly counts of series or groups
 * @param length how many there are
 * @param week as of whose end
 * @returns the counts of all of them as of that week
 */
export function countsAsOf(weekly: WeeklyCounts, length: number, week: number): CountColumns {
  const counts = { returned: new Float64Array(length), exposure: new Float64Array(length) };
  for (let one = 0; one < length; one++) {
    const at = weekly.at(one, week);
    if (at === -1) continue;
    counts.returned[one] = weekly.returned[at]!;
    counts.exposure[one] = weekly.exposure[at]!;
  }
  return counts;
}

/** What an item's rate is told from: itself, its article in the other markets, its group × market, its market, brand, all items. */
export const LEVELS = ['own', 'others', 'group', 'market', 'brand', 'all'] as const;

/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** Counts of items and of what they are part of: a column a level, an item a row, 0 where nothing is known. */
export class ItemCounts {
  readonly returned: Readonly<Record<Level, Float64Array>>;
  readonly exposure: Readonly<Record<Level, Float64Array>>;
  /** Items there are. */
  readonly length: number;

  /** @param length items */
  constructor(length: number) {
    const columns = (): Record<Level, Float64Array> =>
      Object.fromEntries(LEVELS.map((level) => [level, new Float64Array(length)])) as Record<
        Level,
        Float64Array
      >;
    this.length = length;
    this.returned = columns();
    this.exposure = columns();
  }

  /**
   * @param level of the counts
   * @param row of the item
   * @param returned units that came back
   * @param exposure units sold that have had time to
   */
  set(level: Level, row: number, returned: number, exposure: number): void {
    this.returned[level][row] = returned;
    this.exposure[level][row] = exposure;
  }

  /**
   * @param level of the counts
   * @param row of the item
   * @param from columns to take them from
   * @param at place in those; −1 where nothing is known
   */
  copy(level: Level, row: number, from: CountColumns, at: number): void {
    if (at !== -1) this.set(level, row, from.returned[at]!, from.exposure[at]!);
  }
}
