import { SchemaError, listing, nearest } from '@hemline/core';
import type { TextFormat } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { identifier, literal } from '../sql/quote.ts';
import { checkContent } from './check-content.ts';
import { csvHeader } from './csv-header.ts';
import { lineOfCounted } from './csv-lines.ts';
import type { StagedFile } from './staged-files.ts';

/** A column of some files. */
export interface SourceColumn {
  /** How SQL names it. */
  readonly sql: string;
  /** Its type in DuckDB; of CSV and JSON it is text. */
  readonly type: string;
}

/** Files that have the same columns and can be read as one. */
export interface FileGroup {
  readonly kind: StagedFile['kind'];
  readonly paths: readonly string[];
  /** As people know them, in the order of the paths. */
  readonly names: readonly string[];
  readonly format: TextFormat;
  /** By the names that people know. */
  readonly columns: ReadonlyMap<string, SourceColumn>;
  /** Names of all columns of CSV, in their order; some may be the same. */
  readonly header: readonly string[];
  /** Their types, where they are not all text. */
  readonly types?: readonly string[];
  /** Whether lines are counted as rows are, as in a sheet of a workbook. */
  readonly countsRows?: boolean;
}

/** What else is wanted of a group. */
export interface FromOptions {
  /** Only these of its files. */
  readonly paths?: readonly string[];
  /** Leave broken lines out, and keep them in the table `reject_errors`. */
  readonly keepBroken?: boolean;
}

/**
 * Puts files together that have the same columns: DuckDB would read CSV by position, whatever the header says, and take
 * the types of the first file for those of all.
 * @param database to ask for the columns of Parquet and JSON
 * @param files in their order
 * @param format how text is written
 * @returns groups in the order of their first files
 */
export async function fileGroups(
  database: Database,
  files: readonly StagedFile[],
  format: TextFormat,
): Promise<FileGroup[]> {
  const groups = new Map<string, FileGroup & { paths: string[]; names: string[] }>();
  for (const { path, kind, name, sheet } of files) {
    const own = sheet === undefined ? formatOf(path, format) : formatOfSheet(format, sheet);
    const { types } = sheet ?? {};
    database.know(path, {
      name,
      ...(kind === 'csv' && sheet === undefined
        ? { lineOf: (counted) => lineOfCounted(path, own, counted) }
        : {}),
    });
    if (kind === 'csv') await checkContent(path, own, name);
    const header = kind === 'csv' ? await csvHeader(path, own, name) : [];
    const described =
      kind === 'csv' ? positions(header, path, name, types) : await describe(database, kind, path);
    const key = JSON.stringify([kind, own.delimiter, own.skip, described, header]);
    const known = groups.get(key);
    if (known !== undefined) {
      known.paths.push(path);
      known.names.push(name);
    } else
      groups.set(key, {
        ...{ kind, paths: [path], names: [name], format: own, columns: new Map(described), header },
        ...(types === undefined ? {} : { types, countsRows: true }),
      });
  }
  return [...groups.values()];
}

/**
 * The files of a group as a table, with their path in `file_path`.
 * @param group of files
 * @param options which files; what becomes of broken lines
 * @returns what stands behind FROM
 */
export function fromGroup(
  group: FileGroup,
  { paths = group.paths, keepBroken = false }: FromOptions = {},
): string {
  const list = `[${paths.map(literal).join(', ')}]`;
  const hive = `hive_partitioning = true, hive_types_autocast = false, filename = 'file_path'`;
  if (group.kind === 'parquet') return `read_parquet(${list}, ${hive}, union_by_name = false)`;
  if (group.kind === 'json') {
    const fields = [...group.columns].filter(([name]) => !isHive(name, paths[0]!));
    const columns = fields.map(([name]) => `${literal(name)}: 'VARCHAR'`).join(', ');
    return `read_json(${list}, format = 'newline_delimited', columns = {${columns}}, ${hive})`;
  }
  const { delimiter = ',', quote = '"', encoding = 'utf-8', skip = 0 } = group.format;
  const columns = group.header
    .map((_, position) => `'c${position}': '${group.types?.[position] ?? 'VARCHAR'}'`)
    .join(', ');
  const broken = keepBroken ? ', ignore_errors = true, store_rejects = true' : '';
  return `read_csv(${list}, auto_detect = false, header = true, skip = ${skip}, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, encoding = ${literal(encoding)}, columns = {${columns}}, ${hive}${broken})`;
}

/**
 * @param group of files
 * @param name of a column that is needed
 * @param role what for, as the map calls it
 * @returns it
 * @throws SchemaError that says what was probably meant
 */
export function columnOf(group: FileGroup, name: string, role: string): SourceColumn {
  const column = group.columns.get(name);
  if (column !== undefined) return column;
  const known = [...group.columns.keys()];
  const meant = nearest(name, known);
  throw new SchemaError(`a column that the map names is missing`, {
    expected: `${name} (${role})`,
    found: meant === undefined ? listing(known, 12) : `${meant} and ${known.length - 1} others`,
    where: { file: group.names[0]!, column: name },
    remedy:
      group.kind === 'csv' && known.length === 1
        ? 'There is one column: check format.delimiter of the map, and format.skip where lines stand above the header.'
        : 'Correct the name in the map, or the header.',
  });
}

/** The extension says what is between columns, where the map does not. */
function formatOf(path: string, format: TextFormat): TextFormat {
  return /\.tsv(\.gz)?$/i.test(path) ? { delimiter: '\t', ...format } : format;
}

/** As sheets are written here. */
function formatOfSheet(format: TextFormat, { skip }: { readonly skip: number }): TextFormat {
  const { delimiter: _delimiter, quote: _quote, encoding: _encoding, skip: _skip, ...others } = format;
  return { ...others, ...(skip === 0 ? {} : { skip }) };
}

/** Folders such as day=2024-07-22 are columns too. */
function hiveKeys(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .flatMap((part) => /^([^=]+)=/.exec(part)?.[1] ?? []);
}

function isHive(name: string, path: string): boolean {
  return hiveKeys(path).includes(name);
}

function positions(
  header: readonly string[],
  path: string,
  file: string,
  types: readonly string[] = [],
): [string, SourceColumn][] {
  const columns = header.map((name, position): [string, SourceColumn] => [
    name,
    { sql: `c${position}`, type: types[position] ?? 'VARCHAR' },
  ]);
  const hive = hiveKeys(path).map((name): [string, SourceColumn] => [
    name,
    { sql: identifier(name), type: 'VARCHAR' },
  ]);
  const unique = new Map([...hive, ...columns.filter(([name]) => name !== '')]);
  const twice = header.find((name, position) => name !== '' && header.indexOf(name) !== position);
  if (twice === undefined) return [...unique];
  throw new SchemaError('two columns have the same name', {
    expected: 'every name once in the header',
    found: twice,
    where: { file, column: twice },
    remedy: 'Rename one of them.',
  });
}

async function describe(
  database: Database,
  kind: StagedFile['kind'],
  path: string,
): Promise<[string, SourceColumn][]> {
  const reader =
    kind === 'parquet'
      ? `read_parquet(${literal(path)}, hive_partitioning = true, hive_types_autocast = false)`
      : `read_json(${literal(path)}, format = 'newline_delimited', hive_partitioning = true)`;
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${reader}`, { file: path });
  return rows.map(([name, type]) => [
    name as string,
    { sql: identifier(name as string), type: kind === 'json' ? 'VARCHAR' : (type as string) },
  ]);
}
