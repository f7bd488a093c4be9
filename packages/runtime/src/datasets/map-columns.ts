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
import { KEY_TYPES } from './key-column.ts';
import { reportOf, stopAtFirst, type OnProblem } from './problems.ts';
import type { TableFile } from './table-files.ts';

/** One column of a table: its name here, and where it comes from. */
export interface TableColumn extends Field {
  /** Name in the files, or key of the hive folders. */
  readonly source: string;
  readonly isKey: boolean;
  /** Type in the files. */
  readonly stored: ColumnType;
  /** Whether the file says that all of it is missing: then it can be of any type. */
  readonly isVoid: boolean;
  /** Made from other columns, and in no file. */
  readonly isDerived?: true;
}

/** A column of the files that nothing is read of. */
export interface UnusedColumn {
  /** Name in the files. */
  readonly name: string;
  /** As the file declares it. */
  readonly type: string;
  /** For people. */
  readonly reason: string;
}

/** The columns of one file: those of the table, and those that are left. */
export interface MappedColumns {
  readonly columns: readonly TableColumn[];
  readonly unused: readonly UnusedColumn[];
}

/** What pandas calls an index that has no name. */
const INDEX_OF_A_DATA_FRAME = /^__index_level_\d+__$/;

/**
 * Maps the columns of a file to the roles of its table and to covariates.
 * @param table it is of
 * @param file for its keys, and for messages
 * @param parquet the file, opened
 * @param descriptor what dataset.json says of the table
 * @param onProblem told of every role whose column is missing or of the wrong type; such roles are left out of what is returned
 * @returns the columns by role, and those that nothing is read of
 * @throws SchemaError when a required or declared column is missing, or has a type that cannot stand for its role
 * @throws UnsupportedError when one that is asked for cannot be read
 */
export function mapColumns(
  table: TableName,
  file: TableFile,
  parquet: ParquetFile,
  descriptor: TableDescriptor,
  onProblem: OnProblem = stopAtFirst,
): MappedColumns {
  const definition = TABLES[table];
  const stored = new Map(parquet.schema.fields.map((field) => [field.name, field]));
  const available = [...stored.keys(), ...Object.keys(file.keys)];
  const columns: TableColumn[] = [];
  const used = new Set<string>();
  const givesDiscount = discountComesFromPrice(table, descriptor, available);
  for (const role of definition.roles) {
    // A column of this name is of no use, or the owner's covariate, where nothing is made from it.
    if (role.name === 'price' && !givesDiscount) continue;
    if (role.name === 'discount' && givesDiscount) continue;
    const declared = descriptor.columns[role.name];
    const source = declared ?? columnOnDisk(role.name);
    refuseUnsupported(table, file, parquet, source);
    const isKey = !stored.has(source) && file.keys[source] !== undefined;
    const field = stored.get(source);
    if (!isKey && field === undefined) {
      if (role.required || declared !== undefined)
        onProblem(reportOf(table, missingColumn(table, file, role.name, source, available)));
      continue;
    }
    const found = field?.type ?? 'string';
    const isVoid = !isKey && parquet.untyped.has(source);
    const fits = isKey ? KEY_TYPES.includes(role.type) : isVoid || isConvertible(found, role.type);
    used.add(source);
    if (!fits) {
      onProblem(reportOf(table, wrongType(found, role.type, { table, file: file.name, column: source })));
      continue;
    }
    const { name, type, nullable, description } = role;
    columns.push({ name, type, nullable, description, source, isKey, stored: found, isVoid });
  }
  columns.push(...derivedColumns(table, file, descriptor, columns));
  const declared = declaredCovariates(descriptor);
  const isListed = declared.length > 0 || definition.knownAt !== null;
  const unused: UnusedColumn[] = [];
  for (const name of isListed ? declared : available.filter((each) => !used.has(each))) {
    refuseUnsupported(table, file, parquet, name);
    refuseTwice(table, name, definition, columns);
    const field = stored.get(name);
    const isKey = field === undefined && file.keys[name] !== undefined;
    if (field === undefined && !isKey) {
      onProblem(reportOf(table, missingColumn(table, file, name, name, available)));
      continue;
    }
    const reason = isListed ? undefined : whyNoAttribute(name, field?.type);
    if (reason !== undefined) {
      unused.push({ name, type: field!.type, reason });
      continue;
    }
    used.add(name);
    columns.push({
      name,
      type: covariateType(field?.type ?? 'string'),
      nullable: true,
      source: name,
      isKey,
      stored: field?.type ?? 'string',
      isVoid: !isKey && parquet.untyped.has(name),
      ...(descriptor.futureCovariates.includes(name) ? { knownAhead: true } : {}),
    });
  }
  for (const [name, { type }] of stored)
    if (!used.has(name) && !unused.some((column) => column.name === name))
      unused.push({ name, type, reason: 'neither a role nor declared as a covariate' });
  for (const [name, type] of Object.entries(parquet.unsupported))
    unused.push({ name, type, reason: 'a type that is not read' });
  return { columns, unused };
}

/** Whether a weekly table has prices in the place of discounts. */
function discountComesFromPrice(
  table: TableName,
  { columns, blackPrice, ...covariates }: TableDescriptor,
  available: readonly string[],
): boolean {
  if (table !== 'weekly') return false;
  if (columns['price'] !== undefined) return columns['discount'] === undefined;
  const has = (role: string): boolean => available.includes(columns[role] ?? columnOnDisk(role));
  const isCovariate = [
    ...covariates.staticCovariates,
    ...covariates.pastCovariates,
    ...covariates.futureCovariates,
  ].includes('price');
  return has('price') && !has('discount') && !isCovariate && (has('blackPrice') || blackPrice !== undefined);
}

/** Discounts and black prices that are made from prices. */
function derivedColumns(
  table: TableName,
  file: TableFile,
  descriptor: TableDescriptor,
  mapped: readonly TableColumn[],
): TableColumn[] {
  const has = (name: string): boolean => mapped.some((column) => column.name === name);
  if (table !== 'weekly' || !has('price')) return [];
  if (!has('blackPrice') && descriptor.blackPrice === undefined)
    throw new SchemaError('discounts cannot be made from prices alone', {
      expected: 'a black price for every price',
      found: 'neither a column for the role blackPrice nor a rule',
      where: { table, file: file.name, column: mapped.find(({ name }) => name === 'price')!.source },
      remedy:
        'Name the column of black prices as "blackPrice" under "columns" of weekly in dataset.json; or say "blackPrice": { "from": "maximum" } there, which takes the highest price of the last weeks.',
    });
  const names = [
    'discount',
    ...(descriptor.blackPrice !== undefined && !has('blackPrice') ? ['blackPrice'] : []),
  ];
  return names.map((name) => {
    const { type, nullable, description } = TABLES.weekly.roles.find((role) => role.name === name)!;
    const common = { name, type, nullable, description, isDerived: true } as const;
    return { ...common, source: name, isKey: false, stored: type, isVoid: true };
  });
}

/** Attributes need not be declared; then what can be none is left out, and shown. */
function whyNoAttribute(name: string, type: ColumnType | undefined): string | undefined {
  if (INDEX_OF_A_DATA_FRAME.test(name)) return 'the index of a data frame';
  return type === 'timestamp'
    ? 'a point in time, which no model reads; declare it where it is a date'
    : undefined;
}

/** Numbers are doubles whatever a writer made of them, so that files of one table agree: models read nothing else. */
function covariateType(stored: ColumnType): ColumnType {
  switch (stored) {
    case 'int32':
    case 'int64':
    case 'decimal':
      return 'float64';
    case 'timestamp':
      return 'date';
    default:
      return stored;
  }
}

function declaredCovariates(descriptor: TableDescriptor): readonly string[] {
  return [...descriptor.staticCovariates, ...descriptor.pastCovariates, ...descriptor.futureCovariates];
}

/** What is there and cannot be read must not look as if it were not there. */
function refuseUnsupported(table: TableName, file: TableFile, parquet: ParquetFile, source: string): void {
  const declared = Object.hasOwn(parquet.unsupported, source) ? parquet.unsupported[source] : undefined;
  if (declared === undefined) return;
  const isBytes = declared === 'BYTE_ARRAY';
  throw new UnsupportedError('the type of a column is not supported', {
    expected: 'a flat column of bool, integers, float, double, date, timestamp, decimal or text',
    found: isBytes ? 'bytes, not text (BYTE_ARRAY)' : declared,
    where: { table, file: file.name, column: source },
    remedy: isBytes
      ? 'Leave it out of dataset.json, or write it as text where it is text.'
      : 'Cast it before handing the data over.',
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

/**
 * Files of one table must have the same columns: one that only some have would be overlooked in those.
 * @param table for messages
 * @param expected columns of the table
 * @param found columns of one of its files
 * @param file it is
 * @param first file of the table
 * @throws SchemaError that names the first difference
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
    if (own.type !== column.type && !own.isVoid && !isConvertible(own.stored, column.type))
      throw wrongType(own.stored, column.type, { table, file: file.name, column: column.source });
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
 * @param table for the message
 * @param file that was looked into
 * @param role or covariate that is asked for
 * @param source column that would mean it
 * @param available columns that there are
 * @returns the error that says so, and what was probably meant
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
    remedy: `Add it, or name the column that means it under "tables"."${table}" in dataset.json${close === undefined ? '.' : `: did you mean ${close}?`}`,
  });
}
