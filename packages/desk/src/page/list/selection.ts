import type { Filter, Row, Targets } from '../../api/index.ts';

/** A row as a decision names it; with the version that was seen, another's decision is not overwritten. */
export interface RowTarget {
  readonly article: string;
  readonly market: string;
  readonly version?: number;
}

/** What is marked in the list: rows one by one, or all that match the filter. */
export type Selection =
  | { readonly kind: 'rows'; readonly rows: ReadonlyMap<string, Row> }
  | { readonly kind: 'all'; readonly filter: Filter; readonly total: number };

export const NOTHING: Selection = { kind: 'rows', rows: new Map() };

/**
 * @param row of the list
 * @param row.article its article
 * @param row.market its market
 * @returns what tells it from all others
 */
export function keyOf({ article, market }: { readonly article: string; readonly market: string }): string {
  return `${article}\u0000${market}`;
}

/**
 * @param selection so far
 * @param row to mark, or to unmark where it is marked
 * @returns the selection then; of "all" only the others' marks would remain, which cannot be said: a single row begins anew
 */
export function toggled(selection: Selection, row: Row): Selection {
  const rows = new Map(selection.kind === 'rows' ? selection.rows : []);
  if (!rows.delete(keyOf(row))) rows.set(keyOf(row), row);
  return { kind: 'rows', rows };
}

/**
 * @param selection in the list
 * @param row of the list
 * @returns whether it is marked
 */
export function isSelected(selection: Selection, row: Row): boolean {
  return selection.kind === 'all' || selection.rows.has(keyOf(row));
}

/**
 * @param selection in the list
 * @returns how many rows it has
 */
export function sizeOf(selection: Selection): number {
  return selection.kind === 'all' ? selection.total : selection.rows.size;
}

/**
 * @param selection of at least one row
 * @returns what a decision is about; each row with the version that was seen, so that another's decision is not overwritten
 */
export function targetsOf(selection: Selection): Targets {
  return selection.kind === 'all'
    ? { filter: selection.filter, expected: selection.total }
    : { rows: [...selection.rows.values()].map(targetOf) };
}

/**
 * @param row of the list
 * @param row.article its article
 * @param row.market its market
 * @param row.version of its last decision
 * @returns the row as what a decision is about
 */
export function targetOf({ article, market, version }: RowTarget): RowTarget {
  return { article, market, version };
}

/**
 * @param selection of rows
 * @returns what its rows gain against holding; rows that nothing is known of count as nothing
 */
export function gainOf(selection: ReadonlyMap<string, Row>): number {
  let gain = 0;
  for (const row of selection.values()) gain += row.gain ?? 0;
  return gain;
}
