import type { TextFormat } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import type { SampledColumn } from './sampled-column.ts';

/** What tells a return from a sale. */
export interface ReturnColumns {
  readonly units: SampledColumn;
  readonly customer: SampledColumn | null;
  readonly document: SampledColumn | null;
  readonly format: TextFormat;
}

/**
 * Proposes how returns are told.
 * @param database with the sampled lines
 * @param table of them
 * @param columns of units, customers and documents
 * @param notes to add to
 * @returns the section of the map; null where there seem to be none
 */
export async function guessReturns(
  database: Database,
  table: string,
  { units, customer, document }: ReturnColumns,
  notes: string[],
): Promise<object | null> {
  const negative = `starts_with(trim(CAST(${identifier(units.name)} AS VARCHAR)), '-')`;
  const [[count]] = (await database.rows(`SELECT count(*) FROM ${table} WHERE ${negative}`)) as [[bigint]];
  if (count === 0n) {
    notes.push('No line of those looked at has negative units: nothing is said of returns.');
    return null;
  }
  if (customer === null) {
    notes.push('Lines with negative units are left out: without a customer no return finds its purchase.');
    return null;
  }
  if (document === null) {
    notes.push('Lines with negative units are taken for returns.');
    return {};
  }
  // A letter that returns have in front of their number, and sales have not.
  const letter = `regexp_extract(trim(CAST(${identifier(document.name)} AS VARCHAR)), '^[A-Za-z]+')`;
  const [best] = await database.rows(
    `SELECT ${letter} AS letter FROM ${table} GROUP BY letter HAVING letter <> '' AND avg(CAST(${negative} AS DOUBLE)) > 0.9 ORDER BY count(*) DESC LIMIT 1`,
  );
  if (best === undefined) {
    notes.push('Lines with negative units are taken for returns.');
    return {};
  }
  notes.push(
    `Documents that begin with ${String(best[0])} are taken for returns; other negative lines are left out.`,
  );
  return { documents: `^${String(best[0])}` };
}
