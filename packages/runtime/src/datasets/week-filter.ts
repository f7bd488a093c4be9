import { isValid, type WeekRange } from '@hemline/core';
import type { RangeFilter } from '@hemline/parquet';
import { keyValues, type DescribedTable } from './convert-rows.ts';
import type { TableColumn } from './map-columns.ts';
import type { TableFile } from './table-files.ts';

/**
 * Weeks as a filter of row groups and pages, where they are stored as dates and those of the weeks' first days.
 * @param table that is read
 * @param weeks that are asked for; all where there are none
 * @param found columns of the file
 * @returns ranges of stored values; none where they do not tell the week
 */
export function weekFilter(
  { descriptor }: DescribedTable,
  weeks: WeekRange | undefined,
  found: readonly TableColumn[],
): RangeFilter[] {
  const column = found.find(({ name }) => name === weeks?.role);
  if (weeks === undefined || column === undefined || column.isKey || column.stored !== 'date') return [];
  if (descriptor.weekStart !== undefined || descriptor.weekShift !== undefined) return [];
  return [
    {
      column: column.source,
      ...(weeks.after === -Infinity ? {} : { from: weeks.after + 1 }),
      ...(weeks.until === Infinity ? {} : { to: weeks.until }),
    },
  ];
}

/**
 * @param table that is read
 * @param weeks that are asked for; all where there are none
 * @param found columns of the file
 * @param file of the table
 * @returns whether it lies in the folder of a week that nobody asks for
 */
export function isOutside(
  table: DescribedTable,
  weeks: WeekRange | undefined,
  found: readonly TableColumn[],
  file: TableFile,
): boolean {
  const column = found.find(({ name }) => name === weeks?.role);
  if (weeks === undefined || column === undefined || !column.isKey) return false;
  const key = keyValues(table, column, file, 1);
  if (key.type !== 'date' || !isValid(key, 0)) return false;
  const first = key.values[0]!;
  return !(first > weeks.after && first <= weeks.until);
}
