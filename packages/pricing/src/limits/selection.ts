import { formatWeek, isValid, listing, nearest, type Batch, type Column } from '@hemline/core';
import type { Where } from './limits-schema.ts';

/** What there is to price: one row for each article, one for each market, with their attributes. */
export interface Assortment {
  /** `article`, and any attributes. */
  readonly articles: Batch;
  /** `market`, and any attributes. */
  readonly markets: Batch;
}

/** Which articles and which markets a limit is about: 1 where it is; null where it is about all. */
export interface Selection {
  readonly articles: Uint8Array | null;
  readonly markets: Uint8Array | null;
}

/** What is wrong with the selection of a limit. */
export class SelectionProblem extends Error {}

/**
 * Finds the articles and markets that a limit is about.
 * @param assortment what there is
 * @param where column → values; several columns must all hold
 * @returns the rows of both tables
 * @throws SelectionProblem for a column that neither table has, or a value that no row has
 */
export function select({ articles, markets }: Assortment, where: Where = {}): Selection {
  let [ofArticles, ofMarkets]: (Uint8Array | null)[] = [null, null];
  for (const [name, values] of Object.entries(where)) {
    const inArticles = articles.has(name);
    if (inArticles && markets.has(name))
      throw new SelectionProblem(
        `where.${name}: articles and markets both have this column; rename one of them`,
      );
    if (!inArticles && !markets.has(name)) {
      const known = [...articles.names, ...markets.names];
      const close = nearest(name, known);
      throw new SelectionProblem(
        `where.${name}: neither articles nor markets have this column${close === undefined ? ` (there are ${listing(known, 20)})` : `, did you mean ${close}?`}`,
      );
    }
    const found = rowsWith((inArticles ? articles : markets).column(name), [values].flat(), name);
    if (inArticles) ofArticles = both(ofArticles, found);
    else ofMarkets = both(ofMarkets, found);
  }
  return { articles: ofArticles, markets: ofMarkets };
}

function both(a: Uint8Array | null, b: Uint8Array): Uint8Array {
  return a === null ? b : a.map((isIn, row) => isIn & b[row]!);
}

function rowsWith(column: Column, values: readonly string[], name: string): Uint8Array {
  const rows = new Uint8Array(column.length);
  const seen = new Set<string>();
  const matches = matcher(column, values);
  for (let row = 0; row < column.length; row++) {
    const value = isValid(column, row) ? matches(row) : null;
    if (value === null) continue;
    rows[row] = 1;
    seen.add(value);
  }
  const unknown = values.find((value) => !seen.has(value));
  if (unknown === undefined) return rows;
  const known = column.type === 'string' ? column.dictionary : [];
  const close = nearest(unknown, known);
  throw new SelectionProblem(
    `where.${name}: nothing has the value ${unknown}${close === undefined ? (known.length > 0 ? ` (there are ${listing(known)})` : '') : `, did you mean ${close}?`}`,
  );
}

/** @returns what a row's value was written as, or null where it is none of the values */
function matcher(column: Column, values: readonly string[]): (row: number) => string | null {
  switch (column.type) {
    case 'string': {
      const byCode = column.dictionary.map((text) => (values.includes(text) ? text : null));
      return (row) => byCode[column.values[row]!]!;
    }
    case 'date':
      return (row) => values.find((value) => value === formatWeek(column.values[row]!)) ?? null;
    case 'bool':
      return (row) => values.find((value) => value === String(column.values[row] !== 0)) ?? null;
    default:
      return (row) => values.find((value) => Number(value) === Number(column.values[row]!)) ?? null;
  }
}
