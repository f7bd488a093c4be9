import type { Decided } from '../api/index.ts';
import type { PriceList } from '../list/price-list.ts';
import type { Found } from './journal.ts';
import type { RefusedRow } from './resolve-rows.ts';

/** Rows that are named where an action can do nothing about them. */
export const MOST_NAMED = 200;

/** What the journal knows a row by: it outlives the list. */
export interface RowKey {
  readonly article: string;
  readonly market: string;
}

/** A row that nothing was done about, and why. */
export type Conflict = Decided['conflicts'][number];

/**
 * @param found row of the journal
 * @returns which row of the list it is about
 */
export function keyOf(found: Found): RowKey {
  return { article: String(found['article']), market: String(found['market']) };
}

/**
 * @param list of prices
 * @param row of it
 * @returns its names
 */
export function keyOfRow(list: PriceList, row: number): RowKey {
  return {
    article: list.articles.texts[list.article[row]!]!,
    market: list.markets.texts[list.market[row]!]!,
  };
}

/**
 * @param list of prices
 * @param refused rows of it
 * @returns the first of them, by name
 */
export function namedRows(list: PriceList, refused: readonly RefusedRow[]): Conflict[] {
  return refused.slice(0, MOST_NAMED).map(({ row, why, by }) => ({ ...keyOfRow(list, row), why, by }));
}
