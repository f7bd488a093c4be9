import { addWeeks, schemaOf, type Batch } from '@hemline/core';
import { BatchBuilder } from '../batch-builder.ts';
import type { SyntheticWorld } from './market.ts';
import type { SoldSeries } from './weekly.ts';

const SIZES = ['S', 'M', 'L'] as const;

/**
 * Splits what was sold evenly over three sizes, the remainder going to the first ones; where stock capped the sales, the
 * last size was not available.
 * @param world the calendar
 * @param series units sold
 * @returns the rows of the table sizes, series after series
 */
export function splitSizes({ weeks, firstWeek }: SyntheticWorld, series: readonly SoldSeries[]): Batch {
  const builder = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      { name: 'size', type: 'string' },
      { name: 'sales', type: 'float64' },
      { name: 'available', type: 'bool' },
    ),
  );
  for (const { article, market, sold, recorded } of series) {
    for (let position = 0; position < weeks; position++) {
      if (recorded[position] === 0) continue;
      SIZES.forEach((size, at) => {
        const units = Math.floor((sold[position]! + SIZES.length - 1 - at) / SIZES.length);
        const available = recorded[position] === 1 || at < SIZES.length - 1;
        builder.add(article.name, market.name, addWeeks(firstWeek, position), size, units, available);
      });
    }
  }
  return builder.build();
}
