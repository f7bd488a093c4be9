import {
  betweenWeeks,
  concatBatches,
  filterRows,
  float64Column,
  isValid,
  KeyIndex,
  SERIES_KEY,
  knownAheadColumns,
  throwIfAborted,
  type Batch,
  type Tables,
  type Week,
} from '@hemline/core';
import { lastWeekOf, type EvaluationWindow } from '../window.ts';

/** Rows to be forecast together, with what was observed. */
export interface DemandActuals {
  /** What was known ahead of each row: key, `discount` (0 where none is known), `blackPrice`, planned covariates. */
  readonly rows: Batch;
  /** Units demanded. */
  readonly demand: Float64Array;
  /** The row's black price; 1 where the table has no such column. */
  readonly blackPrice: Float64Array;
  /** Weeks with a demand that the row's series has at or before the cutoff. */
  readonly historyWeeks: Int32Array;
  /** The discount of the last week with a demand at or before the cutoff; NaN where none is known. */
  readonly lastDiscount: Float64Array;
}

/** How demand is compared. */
export interface DemandActualsOptions {
  /** Rows of a piece: each is forecast by one request, which reads the history once. */
  readonly pieceRows?: number;
  /** Whether to give the rows of series without any history too; false by default. */
  readonly coldStart?: boolean;
  readonly signal?: AbortSignal;
}

/** About 100 MB a piece. */
const PIECE_ROWS = 2 ** 20;

/**
 * The observed weekly rows of a window, of series with an observation at or before the cutoff (of others only with
 * `coldStart`). Rows known to be censored
 * (`uncensored` false) are left out, because their demand is not known; so are rows without demand, and rows without
 * black price where the table has that column. A week that is missing is not zero. Reads the table twice; memory grows
 * with the series and the piece.
 * @param tables with weekly, uncut
 * @param window of weeks
 * @param options size of a piece, signal
 * @yields pieces in the order of the table
 */
export async function* demandActuals(
  tables: Tables,
  window: EvaluationWindow,
  { pieceRows = PIECE_ROWS, coldStart = false, signal }: DemandActualsOptions = {},
): AsyncGenerator<DemandActuals> {
  const weekly = tables.get('weekly');
  const has = (column: string): boolean => weekly.schema.fields.some(({ name }) => name === column);
  const history = await seriesHistory(tables, window, signal);
  const ahead = knownAheadColumns(weekly.schema);
  const columns = [...ahead, 'demand', ...(has('uncensored') ? ['uncensored'] : [])];
  let piece: Batch[] = [];
  let rows = 0;
  const observed = betweenWeeks(weekly, 'week', window.cutoff, lastWeekOf(window));
  for await (const batch of observed.batches({ columns, signal })) {
    throwIfAborted(signal);
    const kept = comparable(batch, history, coldStart);
    if (kept.length === 0) continue;
    piece.push(kept);
    rows += kept.length;
    if (rows < pieceRows) continue;
    yield toActuals(concatBatches(piece), ahead, history);
    piece = [];
    rows = 0;
  }
  if (rows > 0) yield toActuals(concatBatches(piece), ahead, history);
}

/** The series that have been observed, and for how many weeks. */
interface SeriesHistory {
  readonly index: KeyIndex;
  /** By number of the series. */
  readonly weeks: readonly number[];
  /** By number of the series: discount of the last of them, NaN where it is not known. */
  readonly lastDiscount: readonly number[];
}

async function seriesHistory(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<SeriesHistory> {
  const index = new KeyIndex(SERIES_KEY);
  const weeks: number[] = [];
  const last: Week[] = [];
  const lastDiscount: number[] = [];
  const weekly = tables.get('weekly');
  const discounted = weekly.schema.fields.some(({ name }) => name === 'discount');
  const history = betweenWeeks(weekly, 'week', -Infinity, window.cutoff);
  const columns = [...SERIES_KEY, 'week', 'demand', ...(discounted ? ['discount'] : [])];
  for await (const batch of history.batches({ columns, signal })) {
    throwIfAborted(signal);
    const demand = batch.floats('demand');
    const known = filterRows(batch, (row) => !Number.isNaN(demand[row]));
    const dates = known.weeks('week');
    const discounts = discounted ? known.floats('discount') : null;
    index.add(known).forEach((series, row) => {
      weeks[series] = (weeks[series] ?? 0) + 1;
      if (dates[row]! <= (last[series] ?? -Infinity)) return;
      last[series] = dates[row]!;
      lastDiscount[series] = discounts?.[row] ?? NaN;
    });
  }
  return { index, weeks, lastDiscount };
}

function comparable(batch: Batch, { index }: SeriesHistory, coldStart: boolean): Batch {
  const series = index.find(batch);
  const demand = batch.floats('demand');
  const price = batch.has('blackPrice') ? batch.floats('blackPrice') : null;
  const uncensored = batch.has('uncensored') ? batch.numbers('uncensored') : null;
  return filterRows(batch, (row) => {
    if ((series[row] === -1 && !coldStart) || Number.isNaN(demand[row])) return false;
    if (uncensored !== null && isValid(uncensored, row) && uncensored.values[row] === 0) return false;
    return price === null || !Number.isNaN(price[row]);
  });
}

function toActuals(
  rows: Batch,
  ahead: readonly string[],
  { index, weeks, lastDiscount }: SeriesHistory,
): DemandActuals {
  const known = index.find(rows);
  const discount = rows.has('discount')
    ? rows.floats('discount').map((level) => (Number.isNaN(level) ? 0 : level))
    : new Float64Array(rows.length);
  return {
    rows: rows.select(ahead).with({ discount: float64Column(discount) }),
    demand: rows.floats('demand'),
    blackPrice: rows.has('blackPrice') ? rows.floats('blackPrice') : new Float64Array(rows.length).fill(1),
    historyWeeks: known.map((series) => (series === -1 ? 0 : weeks[series]!)),
    lastDiscount: Float64Array.from(known, (series) => (series === -1 ? NaN : lastDiscount[series]!)),
  };
}
