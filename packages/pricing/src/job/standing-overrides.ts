import { fixedPrices, type DecisionStore, type FixedPrices, type WeekRange } from '@hemline/runs/decisions';
import { SeriesFinder } from '../decisions/series-finder.ts';
import type { ArticleTable } from '../inputs/article-table.ts';

/** Prices of some weeks that people have fixed, as a store of decisions had them when it was read. */
export interface StandingOverrides extends FixedPrices {
  /** The store; null where none was read. */
  readonly source: DecisionSource | null;
}

/** A store of decisions, as far as it was read. */
export interface DecisionSource {
  /** URL. */
  readonly store: string;
  /** Last segment that was read. */
  readonly segments: number;
}

/** Fixed prices in their places. */
export interface PlacedOverrides {
  /** Discounts by series and week, NaN where none is fixed [N·T]; null where none is at all. */
  readonly discounts: Float64Array | null;
  /** How many are of articles, markets and weeks that are priced. */
  readonly count: number;
}

/**
 * The prices of some weeks that people have fixed, and that nobody has decided otherwise about since.
 * @param store of decisions
 * @param weeks that are priced
 * @param until last segment that counts; all by default
 * @returns what is fixed
 */
export async function standingOverrides(
  store: DecisionStore,
  weeks: WeekRange,
  until?: number,
): Promise<StandingOverrides> {
  const ledger = await store.read(weeks, until);
  return { ...fixedPrices(ledger), source: { store: store.url, segments: ledger.segment } };
}

/**
 * Finds what people have fixed among the articles of a table.
 * @param overrides of people; null: none were read
 * @param table articles that are priced
 * @returns discounts in their places
 */
export function placeOverrides(
  overrides: Pick<StandingOverrides, 'prices'> | null,
  table: ArticleTable,
): PlacedOverrides {
  if (overrides === null || overrides.prices.length === 0) return { discounts: null, count: 0 };
  const { prices } = overrides;
  const discounts = new Float64Array(table.market.length * table.weeks.length).fill(NaN);
  const discount = prices.floats('discount');
  let count = 0;
  new SeriesFinder(table).cells(prices).forEach((cell, row) => {
    if (cell === -1) return;
    discounts[cell] = discount[row]!;
    count++;
  });
  return { discounts: count === 0 ? null : discounts, count };
}

/**
 * Puts what people have fixed above a plan.
 * @param planned discounts by series and week; null: none
 * @param overrides of people, in their places
 * @param overrides.discounts that they have fixed
 * @returns both, and how many of the plan's discounts yield to another
 */
export function withOverrides(
  planned: Float64Array | null,
  { discounts }: PlacedOverrides,
): { readonly planned: Float64Array | null; readonly yielding: number } {
  if (discounts === null || planned === null) return { planned: discounts ?? planned, yielding: 0 };
  let yielding = 0;
  const both = planned.map((discount, cell) => {
    const fixed = discounts[cell]!;
    if (Number.isNaN(fixed)) return discount;
    if (!Number.isNaN(discount) && discount !== fixed) yielding++;
    return fixed;
  });
  return { planned: both, yielding };
}

/**
 * @param count prices that people have fixed
 * @param placed of these, such as are priced
 * @param yielding discounts of a plan that yield to them
 * @returns what is to be told of them
 */
export function overridesTold(count: number, placed: number, yielding = 0): string[] {
  return [
    ...(placed > 0 ? [`${placed} prices are fixed by people (hemline decisions), and stay as they are`] : []),
    ...(count > placed
      ? [`${count - placed} prices that people have fixed are of articles or markets that are not priced`]
      : []),
    ...(yielding > 0
      ? [`${yielding} discounts of the plan yield to prices that people have fixed otherwise`]
      : []),
  ];
}
