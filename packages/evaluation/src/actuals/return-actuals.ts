import {
  addWeeks,
  betweenWeeks,
  DataError,
  DAYS_PER_WEEK,
  formatWeek,
  RETURN_MATURITY_WEEKS,
  throwIfAborted,
  type Tables,
  type Week,
} from '@hemline/core';
import { lastWeekOf, type EvaluationWindow } from '../window.ts';
import { itemActuals, nothingObserved, type ItemActuals } from './item-actuals.ts';
import { ItemSums } from './item-sums.ts';

/** Lags 0 … 14. */
const LAGS = RETURN_MATURITY_WEEKS + 1;

/**
 * Return rates of the cohorts sold in a window: units that came back within 14 weeks / units sold, by item, weighted by
 * units sold. Units sold are `sales`, or `demand` where the table has no such column. Only mature cohorts count: sold at
 * least 14 weeks before the last known week.
 * @param tables weekly and returns, uncut
 * @param window of sale weeks
 * @param signal stops the reading
 * @returns the rates
 * @throws DataError when no mature cohort was sold in the window
 */
export async function returnRateActuals(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<ItemActuals> {
  const last = await lastMatureWeek(tables, window, signal);
  const sums = new ItemSums(2);
  const weekly = tables.get('weekly');
  const units = weekly.schema.fields.some(({ name }) => name === 'sales') ? 'sales' : 'demand';
  const sold = betweenWeeks(weekly, 'week', window.cutoff, last);
  for await (const batch of sold.batches({ columns: ['article', 'market', units], signal })) {
    throwIfAborted(signal);
    const items = sums.itemsOf(batch);
    const amounts = batch.floats(units);
    for (let row = 0; row < batch.length; row++)
      if (!Number.isNaN(amounts[row])) sums.add(items[row]!, 0, amounts[row]!);
  }
  await eachReturn(tables, window.cutoff, last, signal, sums, (item, _lag, returned) =>
    sums.add(item, 1, returned),
  );
  const actuals = itemActuals(sums, 1, {
    returnRate: (item) => ({ actual: sums.at(item, 1) / sums.at(item, 0), units: sums.at(item, 0) }),
  });
  if (actuals.items.length === 0) throw immature('return-rate', window, 'sold');
  return actuals;
}

/**
 * Return times of the cohorts sold in a window: of the units that came back, the share with each lag of 0 … 14 weeks, by
 * item, weighted by units returned. Only mature cohorts count.
 * @param tables weekly (for the last known week) and returns, uncut
 * @param window of sale weeks
 * @param signal stops the reading
 * @returns the shares
 * @throws DataError when nothing of a mature cohort of the window came back
 */
export async function returnTimeActuals(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<ItemActuals> {
  const last = await lastMatureWeek(tables, window, signal);
  // The last position holds the sum over lags.
  const sums = new ItemSums(LAGS + 1);
  await eachReturn(tables, window.cutoff, last, signal, sums, (item, lag, returned) => {
    sums.add(item, lag, returned);
    sums.add(item, LAGS, returned);
  });
  const actuals = itemActuals(sums, LAGS, {
    share: (item, lag) => ({ actual: sums.at(item, lag) / sums.at(item, LAGS), units: sums.at(item, LAGS) }),
  });
  if (actuals.items.length === 0) throw immature('return-time', window, 'returned');
  return actuals;
}

/** Reads the returns of the cohorts sold in (after, until], those within 14 weeks of the sale. */
async function eachReturn(
  tables: Tables,
  after: Week,
  until: Week,
  signal: AbortSignal | undefined,
  sums: ItemSums,
  add: (item: number, lag: number, units: number) => void,
): Promise<void> {
  const columns = ['article', 'market', 'saleWeek', 'returnWeek', 'units'];
  const cohorts = betweenWeeks(tables.get('returns'), 'saleWeek', after, until);
  for await (const batch of cohorts.batches({ columns, signal })) {
    throwIfAborted(signal);
    const items = sums.itemsOf(batch);
    const sale = batch.weeks('saleWeek');
    const back = batch.weeks('returnWeek');
    const units = batch.floats('units');
    for (let row = 0; row < batch.length; row++) {
      const lag = (back[row]! - sale[row]!) / DAYS_PER_WEEK;
      if (!Number.isInteger(lag) || lag < 0) throw badLag(sale[row]!, back[row]!);
      if (lag <= RETURN_MATURITY_WEEKS) add(items[row]!, lag, units[row]!);
    }
  }
}

/** The last week of the window whose cohorts are final. */
async function lastMatureWeek(tables: Tables, window: EvaluationWindow, signal?: AbortSignal): Promise<Week> {
  let known = -Infinity;
  for await (const batch of tables.get('weekly').batches({ columns: ['week', 'demand'], signal })) {
    throwIfAborted(signal);
    const weeks = batch.weeks('week');
    const demand = batch.floats('demand');
    for (let row = 0; row < batch.length; row++)
      if (weeks[row]! > known && !Number.isNaN(demand[row])) known = weeks[row]!;
  }
  return Math.min(lastWeekOf(window), addWeeks(known, -RETURN_MATURITY_WEEKS));
}

function immature(
  quantity: 'return-rate' | 'return-time',
  window: EvaluationWindow,
  what: string,
): DataError {
  return nothingObserved(
    quantity,
    window,
    `units ${what} of cohorts that are at least ${RETURN_MATURITY_WEEKS} weeks old at the last known week, because ` +
      'returns take that long',
  );
}

function badLag(sale: Week, back: Week): DataError {
  return new DataError('a return is not whole weeks after its sale', {
    expected: 'a return week 0, 1, 2 … weeks after the sale week',
    found: `sold ${formatWeek(sale)}, returned ${formatWeek(back)}`,
    where: { table: 'returns', column: 'returnWeek' },
  });
}
