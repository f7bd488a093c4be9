import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DISCOUNT_BANDS, discountBand, type SegmentRow } from '@hemline/evaluation';
import type { ForecastErrors } from '@hemline/pricing';

/**
 * How well a run's model of demand did, by group and band of discounts, on the weeks that it was evaluated on.
 * @param directory of the run
 * @param model of demand
 * @param discounts levels of the grid
 * @returns errors; empty where the run has not evaluated the model
 */
export function readForecastErrors(
  directory: string,
  model: string,
  discounts: Float64Array,
): ForecastErrors {
  const file = join(directory, model, 'evaluate', 'segments.json');
  if (!existsSync(file)) return { byGroup: new Map(), byLevel: null };
  const rows = (JSON.parse(readFileSync(file, 'utf8')) as SegmentRow[]).filter(
    ({ metric, result }) => metric === 'demandError' && result !== null,
  );
  const of = (dimension: string): Map<string, number> =>
    new Map(rows.filter((row) => row.dimension === dimension).map(({ value, result }) => [value, result!]));
  const bands = of('discount');
  return {
    byGroup: of('group'),
    byLevel: Float64Array.from(discounts, (level) => bands.get(DISCOUNT_BANDS[discountBand(level)]!) ?? NaN),
  };
}
