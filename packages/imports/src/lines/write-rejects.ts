import { writeFile } from 'node:fs/promises';
import { linesOfRows } from '../source/csv-lines.ts';
import { fromGroup } from '../source/file-group.ts';
import { numberedRows, type Database } from '../sql/database.ts';
import { identifier, literal } from '../sql/quote.ts';
import { brokenTable, type LineTable } from './read-lines.ts';
import { BROKEN_LINE, RETURN, SALE } from './reasons.ts';

/**
 * Writes the lines that were left out, as they are in their files, with the reason, file, row (counted from 0, the header not among
 * them) and, of CSV, line (counted from 1).
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
        return `SELECT ${names}[kind + 1] AS left_out_because, ${literal(section)} AS of_section, ${literal(path)} AS of_file, line.row_of_file AS of_row, CAST(NULL AS BIGINT) AS of_line, ${own.join(', ')} FROM (${select.sql(from, ['line'])}) WHERE kind NOT IN (${SALE}, ${RETURN})`;
      });
    });
    if (!leavesOut) return lines;
    const broken = `SELECT ${literal(BROKEN_LINE)} AS left_out_because, ${literal(sources[0]!.section)} AS of_section, file_path AS of_file, CAST(NULL AS BIGINT) AS of_row, CAST(line AS BIGINT) AS of_line, csv_line AS broken_line FROM ${brokenTable(name)}`;
    return [...lines, broken];
  });
  await database.run(`CREATE TABLE rejects AS ${queries.join(' UNION ALL BY NAME ')}`, 'finding rejects');
  await findLines(database, tables, `${file}.lines.csv`);
  const format = /\.parquet$/i.test(file) ? 'parquet' : /\.(jsonl|ndjson|json)$/i.test(file) ? 'json' : 'csv';
  await database.run(
    `COPY (SELECT rejects.* REPLACE (coalesce(reject_lines.name, of_file) AS of_file, coalesce(reject_lines.line, of_line) AS of_line)
     FROM rejects LEFT JOIN reject_lines ON of_file = path AND of_row IS NOT DISTINCT FROM row AND (row IS NOT NULL OR of_line IS NOT DISTINCT FROM counted)
     ORDER BY rejects.rowid)
     TO ${literal(file)} (FORMAT ${format}${format === 'csv' ? ', HEADER' : ''})`,
    'writing rejects',
  );
}

/** Rows that are written at a time. */
const WRITTEN_AT_A_TIME = 10_000;

/** Makes the table `reject_lines`: of every row or broken line that is left out, its file as people know it, and its line there. */
async function findLines(database: Database, tables: readonly LineTable[], scratch: string): Promise<void> {
  await writeFile(scratch, 'path,name,row,counted,line\n');
  for (const { group } of tables.flatMap(({ sources }) => sources)) {
    for (const path of group.paths) {
      const [rows, broken] = (
        await database.rows(
          `SELECT list(of_row ORDER BY of_row), list(of_line ORDER BY of_line) FILTER (of_row IS NULL) FROM rejects WHERE of_file = ${literal(path)}`,
        )
      )[0]!.map(numbersOf);
      if (rows!.length + broken!.length === 0) continue;
      const found =
        group.kind === 'csv' ? await linesOfRows(path, group, rows!, broken!) : { rows: [], broken: [] };
      const start = [path, database.nameOf(path)].map(quoted).join(',');
      const texts = [
        ...rows!.map((row, i) => `${start},${row},,${found.rows[i] ?? ''}\n`),
        ...broken!.map((counted, i) => `${start},,${counted},${found.broken[i] ?? ''}\n`),
      ];
      for (let at = 0; at < texts.length; at += WRITTEN_AT_A_TIME)
        await writeFile(scratch, texts.slice(at, at + WRITTEN_AT_A_TIME).join(''), { flag: 'a' });
    }
  }
  const columns = `{'path': 'VARCHAR', 'name': 'VARCHAR', 'row': 'BIGINT', 'counted': 'BIGINT', 'line': 'BIGINT'}`;
  await database.run(
    `CREATE TABLE reject_lines AS FROM read_csv(${literal(scratch)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = ${columns})`,
  );
}

/** A list of DuckDB as numbers; none where it is null. */
function numbersOf(list: unknown): number[] {
  const items = (list as { readonly items: readonly unknown[] } | null)?.items ?? [];
  return items.filter((item) => item !== null).map(Number);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
