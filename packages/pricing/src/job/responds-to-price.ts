import { roundDiscount, throwIfAborted } from '@hemline/core';
import { openParquetFile } from '@hemline/stores';
import type { QuantityForecasts } from './quantity-forecasts.ts';

/** Demand that differs by less between the levels of discount does not respond to the price. */
const LEAST_RESPONSE = 1e-3;
/** Files that are looked through: what responds shows it in the first that has demand, and what does not has no end. */
const MOST_FILES = 3;

/**
 * Whether a forecast of demand is another at another discount: of some files the demand at each level is added up, and the sums are compared. A
 * file holds whole articles, so that the sums are over the same rows of each level.
 * @param forecast of demand
 * @param signal raised to stop
 * @returns whether it responds; true of one that was made at a single level, or has no demand at all: nothing speaks against it
 */
export async function respondsToPrice(
  { place, manifest }: Pick<QuantityForecasts, 'place' | 'manifest'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const byLevel = new Map<number, number>();
  for (const { file } of manifest.files.slice(0, MOST_FILES)) {
    throwIfAborted(signal);
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    // Curves are functions of the discount by what they are.
    if (!parquet.schema.fields.some(({ name }) => name === 'demand')) return true;
    for await (const batch of parquet.batches({ columns: ['discount', 'demand'] })) {
      const [discount, demand] = [batch.floats('discount'), batch.floats('demand')];
      for (let row = 0; row < batch.length; row++) {
        const level = roundDiscount(discount[row]!);
        byLevel.set(level, (byLevel.get(level) ?? 0) + demand[row]!);
      }
    }
    const sums = [...byLevel.values()];
    const [least, most] = [Math.min(...sums), Math.max(...sums)];
    if (most > least * (1 + LEAST_RESPONSE)) return true;
  }
  return byLevel.size < 2 || Math.max(...byLevel.values()) === 0;
}
