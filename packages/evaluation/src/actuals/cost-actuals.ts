import { betweenWeeks, throwIfAborted, type TableName, type Tables } from '@hemline/core';
import { lastWeekOf, type EvaluationWindow } from '../window.ts';
import { itemActuals, nothingObserved, type ItemActuals } from './item-actuals.ts';
import { ItemSums } from './item-sums.ts';

/**
 * Costs of a window by item: shipping cost / units shipped, weighted by units shipped, and return cost / units returned,
 * weighted by units returned.
 * @param tables with fulfillment, uncut
 * @param window of weeks
 * @param signal stops the reading
 * @returns the costs of one unit
 * @throws DataError when nothing was shipped or returned in the window
 */
export async function fulfillmentCostActuals(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<ItemActuals> {
  const columns = ['shippedUnits', 'shippingCost', 'returnedUnits', 'returnCost'];
  const sums = await sumColumns(tables, 'fulfillment', window, columns, signal);
  const actuals = itemActuals(sums, 1, {
    shippingCost: (item) => ({ actual: sums.at(item, 1) / sums.at(item, 0), units: sums.at(item, 0) }),
    returnCost: (item) => ({ actual: sums.at(item, 3) / sums.at(item, 2), units: sums.at(item, 2) }),
  });
  if (actuals.items.length === 0)
    throw nothingObserved(
      'fulfillment-cost',
      window,
      'rows of the table fulfillment with units shipped or returned',
    );
  return actuals;
}

/**
 * Residual values of a window by item: what the cleared units brought / what they cost at their black price, weighted by
 * units cleared.
 * @param tables with clearance, uncut
 * @param window of weeks
 * @param signal stops the reading
 * @returns the shares of black price
 * @throws DataError when nothing was cleared in the window
 */
export async function residualValueActuals(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<ItemActuals> {
  const sums = new ItemSums(3);
  const columns = ['article', 'market', 'units', 'value', 'blackPrice'];
  const cleared = betweenWeeks(tables.get('clearance'), 'week', window.cutoff, lastWeekOf(window));
  for await (const batch of cleared.batches({ columns, signal })) {
    throwIfAborted(signal);
    const items = sums.itemsOf(batch);
    const [units, value, blackPrice] = ['units', 'value', 'blackPrice'].map((name) => batch.floats(name));
    for (let row = 0; row < batch.length; row++) {
      sums.add(items[row]!, 0, units![row]!);
      sums.add(items[row]!, 1, value![row]!);
      sums.add(items[row]!, 2, units![row]! * blackPrice![row]!);
    }
  }
  const actuals = itemActuals(sums, 1, {
    residualValue: (item) => {
      const worth = sums.at(item, 2);
      return { actual: sums.at(item, 1) / worth, units: worth > 0 ? sums.at(item, 0) : 0 };
    },
  });
  if (actuals.items.length === 0)
    throw nothingObserved('residual-value', window, 'rows of the table clearance with units cleared');
  return actuals;
}

async function sumColumns(
  tables: Tables,
  name: TableName,
  window: EvaluationWindow,
  columns: readonly string[],
  signal?: AbortSignal,
): Promise<ItemSums> {
  const sums = new ItemSums(columns.length);
  const rows = betweenWeeks(tables.get(name), 'week', window.cutoff, lastWeekOf(window));
  for await (const batch of rows.batches({ columns: ['article', 'market', ...columns], signal })) {
    throwIfAborted(signal);
    const items = sums.itemsOf(batch);
    columns.forEach((column, position) => {
      const amounts = batch.floats(column);
      for (let row = 0; row < batch.length; row++) sums.add(items[row]!, position, amounts[row]!);
    });
  }
  return sums;
}
