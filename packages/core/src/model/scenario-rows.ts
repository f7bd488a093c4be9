import { Batch } from '../batch/batch.ts';
import { sliceRows } from '../batch/rows.ts';
import { dateColumn, float64Column, stringColumn } from '../columns/build.ts';
import { KeyIndex } from '../panel/key-index.ts';
import { SERIES_KEY } from '../panel/panel.ts';
import type { Scenarios } from './forecast-request.ts';

/** Rows that scenarios ask for. */
export interface ScenarioRows {
  /** `article`, `market`, `week`, `discount`. */
  readonly rows: Batch;
  /** The item that each row is of, a position among the items; −1 for a planned row of none of them. */
  readonly item: Int32Array;
}

/**
 * The rows that are to be forecast, one forecast each: of a grid item after item, week after week, discounts rising; of planned
 * rows exactly these in their order. For models that forecast row by row.
 * @param items with `article` and `market`
 * @param scenarios which futures
 * @param batchRows rows of a batch, at most
 * @yields batches of rows
 */
export function* scenarioRows(
  items: Batch,
  scenarios: Scenarios,
  batchRows: number,
): Generator<ScenarioRows> {
  if (scenarios.kind === 'planned') {
    const index = new KeyIndex(SERIES_KEY);
    index.add(items);
    const planned = scenarios.rows.select([...SERIES_KEY, 'week', 'discount']);
    for (let start = 0; start < planned.length; start += batchRows) {
      const rows = sliceRows(planned, start, start + batchRows);
      yield { rows, item: index.find(rows) };
    }
    return;
  }
  const total = items.length * scenarios.weeks.length * scenarios.discounts.length;
  for (let start = 0; start < total; start += batchRows)
    yield gridRows(items, scenarios, start, Math.min(batchRows, total - start));
}

function gridRows(
  items: Batch,
  { weeks, discounts }: Extract<Scenarios, { kind: 'grid' }>,
  start: number,
  length: number,
): ScenarioRows {
  const article = items.strings('article');
  const market = items.strings('market');
  const perItem = weeks.length * discounts.length;
  const item = new Int32Array(length);
  const week = new Int32Array(length);
  const discount = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    item[row] = Math.floor((start + row) / perItem);
    const cell = (start + row) % perItem;
    week[row] = weeks[Math.floor(cell / discounts.length)]!;
    discount[row] = discounts[cell % discounts.length]!;
  }
  const rows = new Batch({
    article: stringColumn(
      item.map((one) => article.values[one]!),
      article.dictionary,
    ),
    market: stringColumn(
      item.map((one) => market.values[one]!),
      market.dictionary,
    ),
    week: dateColumn(week),
    discount: float64Column(discount),
  });
  return { rows, item };
}
