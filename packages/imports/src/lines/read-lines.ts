import { DataError, type HemlineError } from '@hemline/core';
import { linesOfRows } from '../source/csv-lines.ts';
import { fromGroup, type FileGroup } from '../source/file-group.ts';
import { numberedRows, type Database } from '../sql/database.ts';
import { literal } from '../sql/quote.ts';
import { MICRO } from '../sql/values.ts';
import type { LineSelect } from './line-query.ts';
import { BROKEN_LINE, RETURN, SALE, badValue } from './reasons.ts';

/** Lines that have something in common, and their units; negative as in the file, null where there are none. */
export interface LineCount {
  readonly lines: number;
  readonly units: number | null;
}

/** What became of all lines of a section. */
export interface LineCounts {
  readonly read: number;
  /** Used lines: those of sales, prices, stock or attributes. */
  readonly used: LineCount;
  /** Lines of units that came back. */
  readonly returns: LineCount;
  /** By reason; reasons without a line are not there. */
  readonly leftOut: Readonly<Record<string, LineCount>>;
}

/** Files of one kind, and how their lines are read. */
export interface LineSource {
  /** Section of the map. */
  readonly section: string;
  readonly group: FileGroup;
  readonly select: LineSelect;
}

/** A table of lines. */
export interface LineTable {
  readonly name: string;
  readonly sources: readonly LineSource[];
  /** Kinds of lines by their code. */
  readonly kinds: readonly string[];
  /** Whether lines that cannot be read are left out; the first is an error otherwise. */
  readonly leavesOut: boolean;
  /** Whether lines keep the path of their file, as `file_path`. */
  readonly keepsFile?: boolean;
}

/** So many lines of each group are looked at before all are read: what is wrong with a map shows at once. */
const PROBED = 10_000;

/**
 * Reads lines into a table, in the order of the files, each with its kind.
 * @param database to read into
 * @param table to make
 * @returns counts of all kinds
 * @throws DataError for the first value that cannot be read, unless such lines are left out
 */
export async function readLines(database: Database, table: LineTable): Promise<LineCounts> {
  const { name, sources, kinds, leavesOut, keepsFile = false } = table;
  if (!leavesOut) {
    for (const { select, group } of sources) {
      const some = `(SELECT * FROM ${fromGroup(group)} LIMIT ${PROBED})`;
      const found = await database.rows(`SELECT DISTINCT kind FROM (${select.sql(some)})`);
      if (found.some(([code]) => badValue(kinds[code as number]!) !== null))
        throw await firstBad(database, table);
    }
  }
  const all = sources.map(({ select, group }) =>
    select.sql(fromGroup(group, { keepBroken: leavesOut }), [], keepsFile),
  );
  await database.run(`CREATE TABLE ${name} AS ${all.join(' UNION ALL ')}`, `reading ${sources[0]!.section}`);
  const counts = await countLines(database, table);
  if (leavesOut) return withBroken(counts, await brokenLines(database, table));
  const bad = Object.keys(counts.leftOut).filter((kind) => badValue(kind) !== null);
  if (bad.length > 0) throw await firstBad(database, table);
  return counts;
}

async function countLines(database: Database, { name, kinds }: LineTable): Promise<LineCounts> {
  const rows = await database.rows(
    `SELECT kind, count(*), CAST(sum(units) AS DOUBLE) FROM ${name} GROUP BY kind ORDER BY kind`,
  );
  const none = { lines: 0, units: 0 };
  const counts = new Map(
    rows.map(([code, lines, units]) => [
      code as number,
      { lines: Number(lines), units: units === null ? null : (units as number) / MICRO },
    ]),
  );
  const leftOut = [...counts].filter(([code]) => code !== SALE && code !== RETURN);
  return {
    read: [...counts.values()].reduce((sum, { lines }) => sum + lines, 0),
    used: counts.get(SALE) ?? none,
    returns: counts.get(RETURN) ?? none,
    leftOut: Object.fromEntries(leftOut.map(([code, count]) => [kinds[code]!, count])),
  };
}

/** DuckDB keeps lines that have not the columns of the header; of several columns that are missing each is told. */
async function brokenLines(database: Database, { name, sources }: LineTable): Promise<number> {
  const paths = sources.flatMap(({ group }) => group.paths.map(literal));
  await database.run(
    `CREATE TABLE ${brokenTable(name)} AS SELECT DISTINCT file_path, line, ltrim(csv_line, chr(10) || chr(13)) AS csv_line FROM reject_errors JOIN reject_scans USING (scan_id, file_id) WHERE file_path IN (${paths.join(', ')})`,
  );
  return Number((await database.rows(`SELECT count(*) FROM ${brokenTable(name)}`))[0]![0]);
}

/**
 * @param name of a table of lines
 * @returns the table of those that have not the columns of the header
 */
export function brokenTable(name: string): string {
  return `${name}_broken`;
}

function withBroken(counts: LineCounts, lines: number): LineCounts {
  if (lines === 0) return counts;
  const leftOut = { ...counts.leftOut, [BROKEN_LINE]: { lines, units: null } };
  return { ...counts, read: counts.read + lines, leftOut };
}

/** Files are read one by one until the line is there: its row is that of its file. */
async function firstBad(database: Database, { sources, kinds }: LineTable): Promise<HemlineError> {
  const codes = kinds.flatMap((kind, code) => (badValue(kind) === null ? [] : [code]));
  for (const { group, section, select } of sources) {
    for (const path of group.paths) {
      const from = `(${numberedRows(fromGroup(group, { paths: [path] }))})`;
      const query = `SELECT kind, row_of_file FROM (${select.sql(from, ['line.row_of_file AS row_of_file'])}) WHERE kind IN (${codes.join(', ')}) LIMIT 1`;
      const [found] = await database.rows(query, {}, 'looking for the line');
      if (found === undefined) continue;
      const [code, row] = found as [number, bigint];
      const { role, expected } = badValue(kinds[code]!)!;
      const blamed = await blame(database, { section, group, select }, from, Number(row), {
        role,
        isMissing: kinds[code]!.startsWith('missing'),
      });
      const lines = group.kind === 'csv' ? await linesOfRows(path, group, [Number(row)], []) : null;
      const line = lines?.rows[0];
      return new DataError(`a line of ${section} cannot be read`, {
        expected: role === 'date' && blamed.text !== null ? dateExpected(group) : expected,
        found: blamed.text === null ? 'nothing' : JSON.stringify(blamed.text),
        where: {
          file: database.nameOf(path),
          ...(line === undefined ? {} : { line }),
          row: Number(row),
          column: blamed.column,
        },
        remedy: remedyOf(role, group, blamed.text ?? ''),
      });
    }
  }
  throw new Error('lines that could not be read are not found again');
}

/** Of columns that have one role, the one with a value of which nothing is understood. */
async function blame(
  database: Database,
  { group, select }: LineSource,
  from: string,
  row: number,
  { role, isMissing }: { readonly role: string; readonly isMissing: boolean },
): Promise<{ readonly column: string; readonly text: string | null }> {
  const candidates = select.sources.of(role);
  const asked = candidates.flatMap(({ column, value }, i) => {
    const sql = group.columns.get(column)?.sql;
    return [
      `${sql === undefined ? 'NULL' : `CAST(line.${sql} AS VARCHAR)`} AS text${i}`,
      `${value} IS NULL AS unread${i}`,
    ];
  });
  const [values] = await database.rows(
    `SELECT ${candidates.map((_, i) => `text${i}, unread${i}`).join(', ')} FROM (${select.sql(from, ['line.row_of_file AS row_of_file', ...asked])}) WHERE row_of_file = ${row}`,
  );
  const texts = candidates.map(({ column }, i) => ({
    column,
    text: (values![2 * i] as string | null) ?? null,
    isUnread: values![2 * i + 1] === true,
  }));
  return texts.find(({ text, isUnread }) => (text === null) === isMissing && isUnread) ?? texts[0]!;
}

function dateExpected({ format }: FileGroup): string {
  return format.date === undefined
    ? 'a date such as 2024-07-22, or 2024-07-22T08:26:00'
    : `a date as in ${format.date}`;
}

/** Something beside a number, such as a currency, a unit, brackets, or a minus behind it. */
const BESIDE_NUMBERS = /^[^\d]*[^\d\s.,+-][^\d]*\d|\d[^\d]*[^\d\s.,'’]/u;
/** A year and the number of a week. */
const WEEK_NUMBER = /^\d{4}-?W\d{1,2}$/i;

function remedyOf(role: string, group: FileGroup, text: string): string {
  const numbers = BESIDE_NUMBERS.test(text)
    ? 'bring numbers alone, without currency, unit or brackets'
    : 'say decimal and thousands of "format" in the map';
  const dates = WEEK_NUMBER.test(text)
    ? 'say "format": {"date": "%G-W%V"} in the map, which are weeks of ISO 8601'
    : 'say "format": {"date": "%d.%m.%Y"} or the like in the map (with "timeZone" where there are offsets)';
  const format: Readonly<Record<string, string>> = {
    date: dates,
    units: numbers,
    price: numbers,
  };
  const how =
    format[role] ?? (group.kind === 'csv' ? 'leave such lines out by a rule of sales.leaveOut' : undefined);
  return `Correct it${how === undefined ? '' : `, ${how}`}, or count and leave out all such lines with "badValues": "leaveOut".`;
}
