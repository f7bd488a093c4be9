import { roundDiscount, throwIfAborted, type Batch } from '@hemline/core';
import type { Dataset } from '@hemline/runtime';
import type { DecisionLedger, WeekRange } from '@hemline/runs/decisions';

/** What happened at each price that is known, NaN where nothing tells it. */
export interface ObservedSales {
  /** Units sold [cells]. */
  readonly units: Float64Array;
  /** Discount in the shop [cells]. */
  readonly discount: Float64Array;
}

/**
 * Looks up what was sold at each price.
 * @param dataset with weeks that have passed since
 * @param ledger of the prices
 * @param weeks of the ledger
 * @param signal to stop
 * @returns units and discounts by cell
 */
export async function observedSales(
  dataset: Dataset,
  ledger: DecisionLedger,
  weeks: WeekRange,
  signal: AbortSignal | undefined,
): Promise<ObservedSales> {
  const { length } = ledger.cells;
  const units = new Float64Array(length).fill(NaN);
  const discount = new Float64Array(length).fill(NaN);
  const weekly = dataset.tables.get('weekly');
  const has = (name: string): boolean => weekly.schema.fields.some((field) => field.name === name);
  const sold = has('sales') ? 'sales' : 'demand';
  const columns = ['article', 'market', 'week', sold, 'discount'];
  const range = { role: 'week', after: weeks.from - 1, until: weeks.to };
  for await (const batch of weekly.batches({ columns, weeks: range, signal })) {
    throwIfAborted(signal);
    take(batch, sold, ledger, units, discount);
  }
  return { units, discount };
}

function take(
  batch: Batch,
  sold: string,
  ledger: DecisionLedger,
  units: Float64Array,
  discount: Float64Array,
): void {
  const cells = ledger.find(batch);
  const [soldUnits, discounts] = [batch.floats(sold), batch.floats('discount')];
  cells.forEach((cell, row) => {
    // A week without sales is planned, and has not passed.
    if (cell === -1 || Number.isNaN(soldUnits[row]!) || Number.isNaN(discounts[row]!)) return;
    units[cell] = soldUnits[row]!;
    discount[cell] = roundDiscount(discounts[row]!);
  });
}
