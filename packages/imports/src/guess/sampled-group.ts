import { fromGroup, type FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import { sampleColumn, type SampledColumn } from './sampled-column.ts';

/** So many lines of each group of files are looked at. */
export const SAMPLED = 10_000;

/** Files with the same columns, and what their first lines show. */
export interface SampledGroup {
  readonly group: FileGroup;
  /** Table of these lines, with the names of the files. */
  readonly table: string;
  readonly columns: readonly SampledColumn[];
}

/**
 * Looks at the first lines of some files.
 * @param database to keep them in
 * @param group of files
 * @param table to make of them
 * @returns what they show
 */
export async function sampleGroup(
  database: Database,
  group: FileGroup,
  table: string,
): Promise<SampledGroup> {
  const columns = [...group.columns].map(([name, { sql }]) => `${sql} AS ${identifier(name)}`);
  await database.run(
    `CREATE TABLE ${table} AS SELECT ${columns.join(', ')} FROM ${fromGroup(group)} LIMIT ${SAMPLED}`,
    undefined,
    { file: group.paths[0]! },
  );
  const sampled: SampledColumn[] = [];
  for (const name of group.columns.keys()) sampled.push(await sampleColumn(database, table, group, name));
  return { group, table, columns: sampled };
}
