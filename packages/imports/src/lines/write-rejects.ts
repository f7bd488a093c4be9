import { fromGroup } from '../source/file-group.ts';
import { numberedRows, type Database } from '../sql/database.ts';
import { identifier, literal } from '../sql/quote.ts';
import { brokenTable, type LineTable } from './read-lines.ts';
import { BROKEN_LINE, RETURN, SALE } from './reasons.ts';

/**
 * Writes the lines that were left out, as they are in their files, with the reason, file and row (counted from 0).
 * @param database that they were read into
 * @param tables that were read
 * @param file to write: CSV, Parquet or JSON lines, by its name
 */
export async function writeRejects(
  database: Database,
  tables: readonly LineTable[],
  file: string,
): Promise<void> {
  const queries = tables.flatMap(({ name, sources, kinds, leavesOut }) => {
    const names = `[${kinds.map(literal).join(', ')}]`;
    const lines = sources.flatMap(({ section, group, select }) => {
      const own = [...group.columns].map(([column, { sql }]) => `line.${sql} AS ${identifier(column)}`);
      return group.paths.map((path) => {
        const from = `(${numberedRows(fromGroup(group, { paths: [path], keepBroken: leavesOut }))})`;
        return `SELECT ${names}[kind + 1] AS left_out_because, ${literal(section)} AS of_section, ${literal(path)} AS of_file, line.row_of_file AS of_row, ${own.join(', ')} FROM (${select.sql(from, ['line'])}) WHERE kind NOT IN (${SALE}, ${RETURN})`;
      });
    });
    if (!leavesOut) return lines;
    const broken = `SELECT ${literal(BROKEN_LINE)} AS left_out_because, ${literal(sources[0]!.section)} AS of_section, file_path AS of_file, line AS of_line, csv_line AS broken_line FROM ${brokenTable(name)}`;
    return [...lines, broken];
  });
  const format = /\.parquet$/i.test(file) ? 'parquet' : /\.(jsonl|ndjson|json)$/i.test(file) ? 'json' : 'csv';
  await database.run(
    `COPY (${queries.join(' UNION ALL BY NAME ')}) TO ${literal(file)} (FORMAT ${format}${format === 'csv' ? ', HEADER' : ''})`,
    'writing rejects',
  );
}
