import { Batch, TABLES, missingColumn as missingValues, type Column, type TableName } from '@hemline/core';
import { arrowTimeZones } from '@hemline/core/arrow';
import type { ParquetFile } from '@hemline/parquet';
import { convertColumn } from './convert-column.ts';
import { weekStarts } from './convert-date.ts';
import type { TableDescriptor } from './descriptor.ts';
import { checkKey, keyColumn } from './key-column.ts';
import type { TableColumn } from './map-columns.ts';
import type { TableFile } from './table-files.ts';

/** A table and what dataset.json says of it. */
export interface DescribedTable {
  readonly name: TableName;
  readonly descriptor: TableDescriptor;
}

/** What the rows of one file are read with. */
export interface FileReading {
  readonly file: TableFile;
  readonly parquet: ParquetFile;
  /** Columns of the file. */
  readonly found: readonly TableColumn[];
  /** Columns of the table that are asked for. */
  readonly wanted: readonly TableColumn[];
}

/**
 * Makes rows as they are stored into rows of the table: columns by role, of the role's type, with the keys of folders.
 * @param table that the file is of
 * @param raw rows with the file's own columns
 * @param reading of the file
 * @param firstRow row of the file that the first one is; null where rows have been left out
 * @returns the columns that are asked for
 * @throws DataError for a value that cannot stand for its role, or contradicts the folder's key
 */
export function convertRows(
  table: DescribedTable,
  raw: Batch,
  { file, parquet, found, wanted }: FileReading,
  firstRow: number | null,
): Batch {
  const columns = new Map<string, Column>();
  for (const { name, type } of wanted) {
    const own = found.find((column) => column.name === name)!;
    const where = { table: table.name, file: file.name, column: own.source };
    if (own.isKey) columns.set(name, keyValues(table, { ...own, type }, file, raw.length));
    else if (own.isVoid) columns.set(name, missingValues({ name, type }, raw.length));
    else {
      const column = convertColumn(raw.column(own.source), type, where, {
        firstRow,
        zone: own.stored === 'timestamp' ? () => zoneOf(table, parquet, own.source) : undefined,
      });
      columns.set(name, atWeekStart(table, column, name));
      const text = file.keys[own.source];
      if (text !== undefined)
        checkKey(columns.get(name)!, keyValues(table, { ...own, type }, file, 1), text, where, firstRow);
    }
  }
  return new Batch(columns, raw.length);
}

/**
 * @param table that the file is of
 * @param column a key of the file's folder
 * @param file with the key
 * @param rows how many
 * @returns the key's value in all rows
 */
export function keyValues(
  table: DescribedTable,
  { name, type, source }: TableColumn,
  file: TableFile,
  rows: number,
): Column {
  const where = { table: table.name, file: file.name, column: source };
  return atWeekStart(table, keyColumn(file.keys[source]!, type, rows, where), name);
}

/** Dates of roles are those of weeks. */
function atWeekStart({ name: table, descriptor }: DescribedTable, column: Column, name: string): Column {
  const { weekStart, weekShift = 0 } = descriptor;
  const isRole = TABLES[table].roles.some((role) => role.name === name);
  if (!isRole || (weekStart === undefined && weekShift === 0)) return column;
  return weekStarts(column, weekShift, weekStart);
}

/** The zone in which points in time are meant: what dataset.json says, else what the file's writer left. */
function zoneOf({ descriptor }: DescribedTable, parquet: ParquetFile, source: string): string | null {
  if (descriptor.timeZone !== undefined) return descriptor.timeZone;
  const schema = parquet.metadata['ARROW:schema'];
  return schema === undefined ? null : (arrowTimeZones(schema).get(source) ?? null);
}
