import { addWeeks, KeyIndex, SERIES_KEY, type Batch, type Week } from '@hemline/core';
import type { Dataset } from '@hemline/runtime';
import { positionIn, type WeekSpan } from './plan-units.ts';

/** Weeks before the forecast that tell what an article sold lately. */
const LATELY_WEEKS = 8;
const WEEKS_PER_YEAR = 52;

/** What the data says of the articles of a partition: what is planned for them, and what they sold. */
export interface PartitionPlan {
  /** Numbers the items; forecasts add theirs. */
  readonly index: KeyIndex;
  /** Whether the data plans anything in these weeks. */
  readonly isPlanned: boolean;
  /** @returns discount that is planned; NaN where nothing is; 0 where the data plans nothing at all */
  discountOf(item: number, position: number): number;
  /** @returns units a week of the weeks before, those that were sold out left out; NaN where nothing is known */
  latelyOf(item: number): number;
  /** Units that were sold in the same weeks a year before, by week; NaN where the data does not go back so far. */
  readonly lastYear: Float64Array;
}

/**
 * Reads what the data says about the weeks of a forecast: one scan of the partition.
 * @param dataset null: it is not at hand, nothing is known
 * @param partition its name
 * @param span weeks of the forecast
 * @returns the plan
 */
export async function readPartitionPlan(
  dataset: Dataset | null,
  partition: string,
  span: WeekSpan,
): Promise<PartitionPlan> {
  const index = new KeyIndex(SERIES_KEY);
  const planned: number[] = [];
  const lately = { units: [] as number[], weeks: [] as number[] };
  const lastYear = new Float64Array(span.count).fill(NaN);
  const weekly = dataset?.partitions.find(({ name }) => name === partition)?.weekly;
  let isPlanned = false;
  if (weekly !== undefined) {
    const optional = ['discount', 'uncensored'].filter((name) =>
      weekly.schema.fields.some((field) => field.name === name),
    );
    const columns = [...SERIES_KEY, 'week', 'demand', ...optional];
    const after = addWeeks(span.first, -WEEKS_PER_YEAR - 1);
    const until = addWeeks(span.first, span.count - 1);
    for await (const batch of weekly.batches({ columns, weeks: { role: 'week', after, until } })) {
      const items = index.add(batch);
      const [weeks, demand] = [batch.weeks('week'), batch.floats('demand')];
      const discount = floatsOr(batch, 'discount', 0);
      const uncensored = floatsOr(batch, 'uncensored', 1);
      for (let row = 0; row < items.length; row++) {
        const [item, week, units] = [items[row]!, weeks[row]!, demand[row]!];
        const position = positionIn(span, week);
        if (position !== -1) {
          isPlanned = true;
          planned[item * span.count + position] = Number.isNaN(discount[row]!) ? 0 : discount[row]!;
        }
        if (Number.isNaN(units)) continue;
        const yearOn = positionIn(span, addWeeks(week, WEEKS_PER_YEAR));
        if (yearOn !== -1)
          lastYear[yearOn] = (Number.isNaN(lastYear[yearOn]!) ? 0 : lastYear[yearOn]!) + units;
        if (uncensored[row] === 0 || !isLately(week, span.first)) continue;
        lately.units[item] = (lately.units[item] ?? 0) + units;
        lately.weeks[item] = (lately.weeks[item] ?? 0) + 1;
      }
    }
  }
  return {
    ...{ index, isPlanned, lastYear },
    discountOf: (item, position) => (isPlanned ? (planned[item * span.count + position] ?? NaN) : 0),
    latelyOf: (item) => lately.units[item]! / lately.weeks[item]!,
  };
}

function isLately(week: Week, first: Week): boolean {
  return week < first && week >= addWeeks(first, -LATELY_WEEKS);
}

function floatsOr(batch: Batch, name: string, otherwise: number): Float64Array {
  return batch.has(name) ? batch.floats(name) : new Float64Array(batch.length).fill(otherwise);
}
