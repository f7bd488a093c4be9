import { TABLES, type TableName } from '@hemline/core';
import { openParquetFile } from '@hemline/stores';
import type { TableDescriptor } from './descriptor.ts';
import { mapColumns, type TableColumn } from './map-columns.ts';
import type { TableFile } from './table-files.ts';

/**
 * Gives a covariate that is missing throughout the first file the type that it has in the first file where it is not.
 * @param table whose columns they are
 * @param files of it
 * @param descriptor what dataset.json says of it
 * @param columns as the first file has them
 * @returns the columns, as many of them with a type as can be found
 */
export async function typedColumns(
  table: TableName,
  files: readonly TableFile[],
  descriptor: TableDescriptor,
  columns: readonly TableColumn[],
): Promise<readonly TableColumn[]> {
  const isRole = (name: string): boolean => TABLES[table].roles.some((role) => role.name === name);
  const typed = [...columns];
  for (const file of files.slice(1)) {
    const open = typed.filter(({ name, isVoid }) => isVoid && !isRole(name));
    if (open.length === 0) break;
    const found = mapColumns(table, file, await openParquetFile(file.path), descriptor).columns;
    for (const column of open) {
      const own = found.find(({ name }) => name === column.name);
      if (own !== undefined && !own.isVoid) typed[typed.indexOf(column)] = own;
    }
  }
  return typed;
}
