import {
  DescriptorError,
  SchemaError,
  TABLES,
  UnsupportedError,
  columnOnDisk,
  listing,
  nearest,
  type ColumnType,
  type Field,
  type TableName,
} from '@hemline/core';
import type { ParquetFile } from '@hemline/parquet';
import { isConvertible, wrongType } from './convert-column.ts';
import type { TableDescriptor } from './descriptor.ts';
import type { TableFile } from './table-files.ts';

/** One column of a table: its name here, and where it comes from. */
export interface TableColumn extends Field {
  /** Name in the files, or key of the hive folders. */
  readonly source: string;
  readonly isKey: boolean;
  /** Type in the files. */
  readonly stored: ColumnType;
  /** Whether it is missing throughout the file, which then says nothing of its type. */
  readonly isUntyped: boolean;
}

/**
 * Maps the columns of a file to the roles of its table, and to declared covariates.
 * @param table name
 * @param file of the table
 * @param parquet the same, open
 * @param descriptor what dataset.json says of the table
 * @returns the columns
 * @throws SchemaError when a required column is missing or has a type that cannot stand for its role
 */
export function mapColumns(
  table: TableName,
  file: TableFile,
  parquet: ParquetFile,
  descriptor: TableDescriptor,
): TableColumn[] {
  const definition = TABLES[table];
  const stored = new Map(parquet.schema.fields.map((field) => [field.name, field]));
  const available = [...stored.keys(), ...Object.keys(file.keys)];
  const columns: TableColumn[] = [];
  const used = new Set<string>();
  for (const role of definition.roles) {
    const declared = descriptor.columns[role.name];
    const source = declared ?? columnOnDisk(role.name);
    refuseUnsupported(table, file, parquet, source);
    const isKey = !stored.has(source) && file.keys[source] !== undefined;
    const field = stored.get(source);
    if (!isKey && field === undefined) {
      if (role.required || declared !== undefined)
        throw missingColumn(table, file, role.name, source, available);
      continue;
    }
    const found = field?.type ?? 'string';
    const isUntyped = !isKey && parquet.untyped.has(source);
    if (!isUntyped && !isConvertible(found, role.type))
      throw wrongType(found, role.type, { table, file: file.name, column: source });
    used.add(source);
    columns.push({
      name: role.name,
      type: role.type,
      nullable: role.nullable,
      description: role.description,
      source,
      isKey,
      stored: found,
      isUntyped,
    });
  }
  for (const name of covariates(definition.knownAt === null, descriptor, available, used)) {
    refuseUnsupported(table, file, parquet, name);
    refuseTwice(table, name, definition, columns);
    const field = stored.get(name);
    const isKey = field === undefined && file.keys[name] !== undefined;
    if (field === undefined && !isKey) throw missingColumn(table, file, name, name, available);
    const knownAhead = descriptor.futureCovariates.includes(name);
    columns.push({
      name,
      type: field?.type ?? 'string',
      nullable: true,
      source: name,
      isKey,
      stored: field?.type ?? 'string',
      isUntyped: !isKey && parquet.untyped.has(name),
      ...(knownAhead ? { knownAhead } : {}),
    });
  }
  return columns;
}

/** What is there and cannot be read must not look as if it were not there. */
function refuseUnsupported(table: TableName, file: TableFile, parquet: ParquetFile, source: string): void {
  const declared = Object.hasOwn(parquet.unsupported, source) ? parquet.unsupported[source] : undefined;
  if (declared === undefined) return;
  throw new UnsupportedError('the type of a column is not supported', {
    expected: 'a flat column of bool, integers, float, double, date, timestamp, decimal or text',
    found: declared,
    where: { table, file: file.name, column: source },
    remedy: 'Cast it before handing the data over.',
  });
}

/** A covariate under the name of a role would take its place. */
function refuseTwice(
  table: TableName,
  name: string,
  { roles }: { readonly roles: readonly { readonly name: string }[] },
  columns: readonly TableColumn[],
): void {
  const isRole = roles.some((role) => role.name === name);
  if (!isRole && !columns.some((column) => column.name === name)) return;
  throw new DescriptorError('a covariate has a name that is taken', {
    expected: isRole ? `${name} to be the role of that name` : 'every covariate once',
    found: `${name} among the covariates`,
    where: { table, column: name },
    remedy: isRole
      ? `Map the role under "columns", or rename the column.`
      : 'Take one of them out of dataset.json.',
  });
}

/** Covariates are declared; in tables of attributes every further column is a static one unless some are declared. */
function covariates(
  isAttributes: boolean,
  descriptor: TableDescriptor,
  available: readonly string[],
  used: ReadonlySet<string>,
): readonly string[] {
  const declared = [
    ...descriptor.staticCovariates,
    ...descriptor.pastCovariates,
    ...descriptor.futureCovariates,
  ];
  if (declared.length > 0 || !isAttributes) return declared;
  return available.filter((name) => !used.has(name));
}

/**
 * Files of one table must have the same columns: one that only some have would be overlooked in those.
 * @param table name
 * @param expected columns of the first file
 * @param found columns of another
 * @param file the other
 * @param first for messages
 * @throws SchemaError when they differ
 */
export function checkAgreement(
  table: TableName,
  expected: readonly TableColumn[],
  found: readonly TableColumn[],
  file: TableFile,
  first: TableFile,
): void {
  for (const column of expected) {
    const own = found.find(({ name }) => name === column.name);
    if (own === undefined)
      throw missingColumn(
        table,
        file,
        column.name,
        column.source,
        found.map(({ source }) => source),
      );
    if (column.isUntyped && !own.isUntyped && own.type !== column.type)
      throw new SchemaError('a column has no type in the first file of a table', {
        expected: `${own.type}, as in ${file.name}`,
        found: 'missing values alone',
        where: { table, file: first.name, column: column.source },
        remedy: 'Write it with its type, empty where it is not known.',
      });
    if (own.type !== column.type && !own.isUntyped)
      throw wrongType(own.type, column.type, { table, file: file.name, column: column.source });
  }
  const extra = found.find(({ name }) => !expected.some((column) => column.name === name));
  if (extra === undefined) return;
  throw new SchemaError('the files of a table have different columns', {
    expected: `the columns of ${first.name}: ${listing(
      expected.map(({ source }) => source),
      20,
    )}`,
    found: `${extra.source} as well`,
    where: { table, file: file.name, column: extra.source },
    remedy: 'Write the column to all files of the table, empty where it is not known.',
  });
}

/**
 * @param table name
 * @param file that lacks it
 * @param role what it would mean
 * @param source name on disk
 * @param available names that there are
 * @returns the error for a column that is not there
 */
export function missingColumn(
  table: TableName,
  file: TableFile,
  role: string,
  source: string,
  available: readonly string[],
): SchemaError {
  const close = nearest(source, available);
  return new SchemaError('a column is missing', {
    expected: role === source ? source : `${source} (role ${role})`,
    found: `columns ${listing(available, 20)}`,
    where: { table, file: file.name, column: source },
    remedy: `Add it, or name the column that means it under "tables"."${table}" in dataset.json${close === undefined ? '' : `: did you mean ${close}?`}${close === undefined ? '.' : ''}`,
  });
}
