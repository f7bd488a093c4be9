import type { Preview } from '../api/index.ts';
import type { RowStates } from '../list/row-states.ts';
import type { ResolvedRow } from './resolve-rows.ts';

/**
 * Counts decisions of others that hold, or wait, about rows.
 * @param states of rows
 * @param person who decides
 * @param resolved rows that are decided about
 * @param decidedBy who took a decision, by its number
 * @returns whose they are, and about how many rows; the most first
 */
export function overwrittenBy(
  { effective, waiting }: Pick<RowStates, 'effective' | 'waiting'>,
  person: string,
  resolved: readonly ResolvedRow[],
  decidedBy: (id: number) => string,
): Preview['overwrites'] {
  const persons = new Map<number, string>();
  const personOf = (id: number): string => {
    const known = persons.get(id) ?? decidedBy(id);
    persons.set(id, known);
    return known;
  };
  const counts = new Map<string, number>();
  for (const { row } of resolved)
    for (const id of new Set([effective[row]!, waiting[row]!])) {
      if (id === 0) continue;
      const other = personOf(id);
      if (other !== person) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  return [...counts]
    .map(([other, rows]) => ({ person: other, rows }))
    .sort((a, b) => b.rows - a.rows || (a.person < b.person ? -1 : 1));
}
