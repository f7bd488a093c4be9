import {
  betweenWeeks,
  concatBatches,
  filterRows,
  float64Column,
  isValid,
  KeyIndex,
  SERIES_KEY,
  throwIfAborted,
  type Batch,
  type Tables,
} from '@hemline/core';
import { knownAheadColumns } from '../demand-plan.ts';
import { lastWeekOf, type EvaluationWindow } from '../window.ts';

/** Rows to be forecast together, with what was observed. */
export interface DemandActuals {
  /** What was known ahead of each row: key, `discount` (0 where none is known), `blackPrice`, planned covariates. */
  readonly rows: Batch;
  /** Units demanded. */
  readonly demand: Float64Array;
  /** The row's black price; 1 where the table has no such column. */
  readonly blackPrice: Float64Array;
}

/** How demand is compared. */
export interface DemandActualsOptions {
  /** Rows of a piece: each is forecast by one request, which reads the history once. */
  readonly pieceRows?: number;
  readonly signal?: AbortSignal;
}

/** About 100 MB a piece. */
const PIECE_ROWS = 2 ** 20;

/**
 * The observed weekly rows of a window, of series with an observation at or before the cutoff. Rows known to be censored
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
  { pieceRows = PIECE_ROWS, signal }: DemandActualsOptions = {},
): AsyncGenerator<DemandActuals> {
  const weekly = tables.get('weekly');
  const has = (column: string): boolean => weekly.schema.fields.some(({ name }) => name === column);
  const known = await seriesWithHistory(tables, window, signal);
  const ahead = knownAheadColumns(weekly.schema);
  const columns = [...ahead, 'demand', ...(has('uncensored') ? ['uncensored'] : [])];
  let piece: Batch[] = [];
  let rows = 0;
  const observed = betweenWeeks(weekly, 'week', window.cutoff, lastWeekOf(window));
  for await (const batch of observed.batches({ columns, signal })) {
    throwIfAborted(signal);
    const kept = comparable(batch, known);
    if (kept.length === 0) continue;
    piece.push(kept);
    rows += kept.length;
    if (rows < pieceRows) continue;
    yield toActuals(concatBatches(piece), ahead);
    piece = [];
    rows = 0;
  }
  if (rows > 0) yield toActuals(concatBatches(piece), ahead);
}

async function seriesWithHistory(
  tables: Tables,
  window: EvaluationWindow,
  signal?: AbortSignal,
): Promise<KeyIndex> {
  const index = new KeyIndex(SERIES_KEY);
  const history = betweenWeeks(tables.get('weekly'), 'week', -Infinity, window.cutoff);
  for await (const batch of history.batches({ columns: [...SERIES_KEY, 'demand'], signal })) {
    throwIfAborted(signal);
    const demand = batch.floats('demand');
    index.add(filterRows(batch, (row) => !Number.isNaN(demand[row])));
  }
  return index;
}

function comparable(batch: Batch, known: KeyIndex): Batch {
  const series = known.find(batch);
  const demand = batch.floats('demand');
  const price = batch.has('blackPrice') ? batch.floats('blackPrice') : null;
  const uncensored = batch.has('uncensored') ? batch.numbers('uncensored') : null;
  return filterRows(batch, (row) => {
    if (series[row] === -1 || Number.isNaN(demand[row])) return false;
    if (uncensored !== null && isValid(uncensored, row) && uncensored.values[row] === 0) return false;
    return price === null || !Number.isNaN(price[row]);
  });
}

function toActuals(rows: Batch, ahead: readonly string[]): DemandActuals {
  const discount = rows.has('discount')
    ? rows.floats('discount').map((level) => (Number.isNaN(level) ? 0 : level))
    : new Float64Array(rows.length);
  return {
    rows: rows.select(ahead).with({ discount: float64Column(discount) }),
    demand: rows.floats('demand'),
    blackPrice: rows.has('blackPrice') ? rows.floats('blackPrice') : new Float64Array(rows.length).fill(1),
  };
}
