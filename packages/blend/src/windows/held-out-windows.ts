import {
  addWeeks,
  filterRows,
  concatBatches,
  itemsOf,
  memoryTable,
  throwIfAborted,
  weeksBetween,
  type Batch,
  type Tables,
  type TrainingJob,
  type Week,
} from '@hemline/core';
import { demandActuals } from '@hemline/evaluation';
import { seriesHash } from '@hemline/features';
import type { BlendHyperparameters } from '../hyperparameters.ts';

/** Folds that articles are dealt into, and weeks of a block: what is left out together when weights are tried. */
const [FOLDS, BLOCK_WEEKS] = [5, 2];
/** Of the weeks of the data, at most one in so many is held out; fewer than two show nothing. */
const [HELD_OUT_SHARE, LEAST_WEEKS] = [3, 2];

/** Weeks that were held out, as they are seen from one origin. */
export interface HeldOutWindow {
  /** The origin: the last week whose demand the forecasts of the window know. */
  readonly cutoff: Week;
  /** What was known ahead of each row. */
  readonly rows: Batch;
  readonly items: Batch;
  readonly demand: Float64Array;
  readonly blackPrice: Float64Array;
  /** Weeks after the origin, by row. */
  readonly weekAhead: Int32Array;
  /** Fold of the row's article, and block of its week: those of all windows alike. */
  readonly fold: Uint8Array;
  readonly block: Uint8Array;
}

/** Windows of a training. */
export interface HeldOutWindows {
  /** Weeks held out: the members have learnt from nothing after the cutoff less these. 0: the data is too short. */
  readonly weeks: number;
  readonly windows: readonly HeldOutWindow[];
}

/**
 * The weeks that are held out before the cutoff, from several origins: the first is the last week that the members' held-out fits
 * have learnt from; from later ones they know what was sold since, as any model does between two trainings.
 * @param job cutoff, signal
 * @param tables up to the cutoff
 * @param hyperparameters how many weeks, origins and rows
 * @returns the windows; none where the data is short, or holds nothing to compare with
 */
export async function heldOutWindows(
  { cutoff, signal }: Pick<TrainingJob, 'cutoff' | 'signal'>,
  tables: Tables,
  { heldOutWeeks, origins, maximumRows }: BlendHyperparameters,
): Promise<HeldOutWindows> {
  const { first, rowsOfWeek } = await countRows(tables, signal);
  const span = first === null ? 0 : weeksBetween(first, cutoff) + 1;
  const weeks = Math.min(heldOutWeeks, Math.floor(span / HELD_OUT_SHARE));
  if (weeks < LEAST_WEEKS) return { weeks: 0, windows: [] };
  const start = addWeeks(cutoff, -weeks);
  let total = 0;
  for (const [week, rows] of rowsOfWeek) if (week > start) total += rows;
  const share = Math.min(1, maximumRows / Math.max(1, total));
  const step = Math.max(1, Math.round(weeks / origins));
  const windows: HeldOutWindow[] = [];
  for (let later = 0; later < origins * step && weeks - later >= LEAST_WEEKS; later += step) {
    throwIfAborted(signal);
    const window = await windowAt(tables, { origin: addWeeks(start, later), start, cutoff, share, signal });
    if (window !== null) windows.push(window);
  }
  return windows.length === 0 ? { weeks: 0, windows } : { weeks, windows };
}

/** First week with a demand, and rows by week. */
async function countRows(
  tables: Tables,
  signal: AbortSignal | undefined,
): Promise<{ first: Week | null; rowsOfWeek: ReadonlyMap<Week, number> }> {
  const rowsOfWeek = new Map<Week, number>();
  let first: Week | null = null;
  const columns = ['article', 'market', 'week', 'demand'];
  for await (const batch of tables.get('weekly').batches({ columns, signal })) {
    throwIfAborted(signal);
    const [weeks, demand] = [batch.weeks('week'), batch.floats('demand')];
    for (let row = 0; row < batch.length; row++) {
      if (Number.isNaN(demand[row])) continue;
      const week = weeks[row]!;
      rowsOfWeek.set(week, (rowsOfWeek.get(week) ?? 0) + 1);
      if (first === null || week < first) first = week;
    }
  }
  return { first, rowsOfWeek };
}

async function windowAt(
  tables: Tables,
  {
    origin,
    start,
    cutoff,
    share,
    signal,
  }: {
    readonly origin: Week;
    readonly start: Week;
    readonly cutoff: Week;
    readonly share: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<HeldOutWindow | null> {
  const horizon = weeksBetween(origin, cutoff);
  const pieces: Pick<HeldOutWindow, 'rows' | 'demand' | 'blackPrice'>[] = [];
  for await (const piece of demandActuals(tables, { cutoff: origin, horizon }, { coldStart: true, signal })) {
    const hash = hashesOf(piece.rows, 'market');
    const kept = (_: unknown, row: number): boolean => hash[row]! < share;
    pieces.push({
      rows: filterRows(piece.rows, (row) => hash[row]! < share),
      demand: piece.demand.filter(kept),
      blackPrice: piece.blackPrice.filter(kept),
    });
  }
  if (!pieces.some(({ demand }) => demand.some((units) => units > 0))) return null;
  const rows = concatBatches(pieces.map((piece) => piece.rows));
  const weeks = rows.weeks('week');
  return {
    cutoff: origin,
    rows,
    items: await itemsOf(memoryTable('weekly', [rows]), tables.find('articles'), tables.find('markets')),
    demand: joined(pieces.map(({ demand }) => demand)),
    blackPrice: joined(pieces.map(({ blackPrice }) => blackPrice)),
    weekAhead: weeks.map((week) => weeksBetween(origin, week)),
    fold: Uint8Array.from(hashesOf(rows), (hash) => Math.floor(hash * FOLDS)),
    block: Uint8Array.from(weeks, (week) => Math.floor((weeksBetween(start, week) - 1) / BLOCK_WEEKS)),
  };
}

/** Numbers in [0, 1) of the rows' articles, or of their series. */
function hashesOf(rows: Batch, also?: 'market'): Float64Array {
  const articles = rows.strings('article');
  const markets = rows.strings('market');
  return Float64Array.from(articles.values, (code, row) =>
    seriesHash(
      articles.dictionary[code]!,
      also === undefined ? 'article' : markets.dictionary[markets.values[row]!]!,
    ),
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
