import { takeRows, toPanel, type Batch } from '@hemline/core';
import {
  change,
  exponential,
  FeatureSet,
  fillWeeks,
  future,
  groupRolling,
  lag,
  past,
  rolling,
  weekOfYear,
  type FeatureColumns,
  type FilledPanel,
} from '@hemline/features';

const demand = past('demand');

/** The features that are measured, the same for all contestants and in this order. */
export const TWELVE = new FeatureSet([
  lag(demand, { lag: 1 }),
  lag(demand, { lag: 4 }),
  lag(demand, { lag: 52 }),
  rolling(demand, { statistic: 'mean', window: 4 }),
  rolling(demand, { statistic: 'mean', window: 13 }),
  rolling(demand, { statistic: 'std', window: 13 }),
  rolling(demand, { statistic: 'max', window: 52 }),
  rolling(demand, { statistic: 'zeroShare', window: 26 }),
  exponential(demand, { halfLife: 4 }),
  weekOfYear(),
  change(future('discount')),
  groupRolling(demand, { statistic: 'mean', by: ['group', 'market'], window: 1 }),
]);

/**
 * From rows to a panel whose series know their group.
 * @param rows sorted by series and week
 * @returns the panel
 */
export function panelFrom(rows: Batch): FilledPanel {
  const panel = toPanel(rows);
  const firsts = panel.offsets.subarray(0, -1);
  const group = takeRows(rows.select(['group']), firsts).column('group');
  return fillWeeks({ ...panel, series: panel.series.with({ group }) });
}

/**
 * What all contestants must come to: the number of values and their sum, feature by feature.
 * @param columns the features
 * @returns one text
 */
export function checkOf(columns: FeatureColumns): string {
  return [...columns.values.values()].map((values) => checkText(...summed(values))).join(' ');
}

/**
 * @param count of values
 * @param sum of them
 * @returns the text that is compared
 */
export function checkText(count: number, sum: number): string {
  // As Python prints it.
  return `${count}:${sum.toExponential(5).replace(/e([+-])(\d)$/, 'e$10$2')}`;
}

/**
 * @param values NaN where missing
 * @returns how many there are, and their sum
 */
export function summed(values: Float64Array): [number, number] {
  let [count, sum] = [0, 0];
  for (const value of values) {
    if (value !== value) continue;
    count++;
    sum += value;
  }
  return [count, sum];
}
