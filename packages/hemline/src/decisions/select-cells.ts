import { parseWeek } from '@hemline/core';
import {
  DECISION_STATES,
  type DecisionLedger,
  type DecisionState,
  type WeekRange,
} from '@hemline/runs/decisions';

/** Which prices are meant; by default all that are known. */
export interface CellSelection {
  /** One week, by its first day. */
  readonly week?: string;
  readonly article?: string;
  readonly market?: string;
  readonly states?: readonly DecisionState[];
  /** Who decided. */
  readonly by?: string;
}

/**
 * @param selection of prices
 * @param selection.week that is meant
 * @returns weeks to read; undefined: all
 */
export function weeksOf({ week }: CellSelection): WeekRange | undefined {
  if (week === undefined) return undefined;
  const day = parseWeek(week);
  return { from: day, to: day };
}

/**
 * @param ledger of all
 * @param selection of prices
 * @returns cells by week, article and market
 */
export function selectCells(ledger: DecisionLedger, selection: CellSelection): Uint32Array {
  const { article, market, by } = selection;
  const wanted = selection.states?.map((state) => DECISION_STATES.indexOf(state)) ?? null;
  const { cells } = ledger;
  const found = new Uint32Array(cells.length);
  let count = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const state = cells.state[cell]!;
    if (state === 0 || (wanted !== null && !wanted.includes(state))) continue;
    if (article !== undefined && ledger.articleOf(cell) !== article) continue;
    if (market !== undefined && ledger.marketOf(cell) !== market) continue;
    if (by !== undefined && ledger.textOf(cell, 'by') !== by) continue;
    found[count++] = cell;
  }
  const { series, week } = cells.codes;
  const rank = ledger.seriesRanks();
  return found
    .subarray(0, count)
    .sort((a, b) => week[a]! - week[b]! || rank[series[a]!]! - rank[series[b]!]!);
}
