import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import type { SampledColumn } from './sampled-column.ts';

/** Codes that are unlike the others are fees and the like, if they have no more than this share of the lines. */
const FEW = 0.1;

/** How articles are named. */
export interface GuessedArticles {
  readonly spec: string | { readonly column: string; readonly case: 'upper' };
  /** A rule for lines that are of no article. */
  readonly leaveOut: { readonly reason: string; readonly column: string; readonly unless: string } | null;
}

/**
 * Looks at the codes of articles.
 * @param database with the sampled lines
 * @param table of them
 * @param column of the codes
 * @param notes to add to
 * @returns what the map says of it
 */
export async function guessArticles(
  database: Database,
  table: string,
  { name }: SampledColumn,
  notes: string[],
): Promise<GuessedArticles> {
  const code = `trim(CAST(${identifier(name)} AS VARCHAR))`;
  const [row] = await database.rows(
    `SELECT count(DISTINCT ${code}) - count(DISTINCT upper(${code})), avg(CAST(${code} SIMILAR TO '[0-9].*' AS DOUBLE)),
       (SELECT list(code ORDER BY code) FROM (SELECT DISTINCT ${code} AS code FROM ${table} WHERE NOT (${code} SIMILAR TO '[0-9].*') LIMIT 5))
     FROM ${table}`,
  );
  const [doubled, share, others] = row as [bigint, number | null, { items: readonly string[] } | null];
  if (doubled > 0n) notes.push(`Some codes of ${name} differ in their case only: taken for one article.`);
  const isMixed = share !== null && share < 1 && share >= 1 - FEW;
  if (isMixed)
    notes.push(
      `Codes of ${name} begin with a digit, but for such as ${(others?.items ?? []).join(', ')}: taken for no articles and left out.`,
    );
  return {
    spec: doubled > 0n ? { column: name, case: 'upper' } : name,
    leaveOut: isMixed ? { reason: 'noArticle', column: name, unless: '^\\d' } : null,
  };
}
