import { DAYS_PER_WEEK, DataError, formatWeek, isValid, type Week } from '@hemline/core';
import { weekdayName } from './convert-date.ts';
import type { OnProblem } from './problems.ts';
import type { ParquetTable, PlacedBatch } from './parquet-table.ts';

/** The first week of a dataset that was seen, and where. */
interface Anchor {
  readonly week: Week;
  readonly table: string;
  readonly column: string;
}

/**
 * Checks that all weeks of a dataset begin on the same weekday, in all of its tables: a week that begins on another day is another
 * week in every join and every count of weeks.
 */
export class WeekdayCheck {
  #anchor: Anchor | null = null;

  /**
   * Takes a column of weeks in.
   * @param table it is of
   * @param role of the column
   * @param placed rows
   * @param onProblem told of weeks that begin on another weekday than those before
   */
  check(table: ParquetTable, role: string, placed: PlacedBatch, onProblem: OnProblem): void {
    const column = placed.batch.column(role);
    const weeks = placed.batch.weeks(role);
    for (let row = 0; row < weeks.length; row++) {
      if (!isValid(column, row)) continue;
      const week = weeks[row]!;
      this.#anchor ??= { week, table: table.name, column: table.sourceOf(role) };
      if ((week - this.#anchor.week) % DAYS_PER_WEEK === 0) continue;
      const anchor = this.#anchor;
      onProblem({
        table: table.name,
        column: table.sourceOf(role),
        kind: 'weeks begin on different weekdays',
        error: () => wrongWeekday(anchor, table, role, placed, row),
      });
    }
  }
}

function wrongWeekday(
  anchor: Anchor,
  table: ParquetTable,
  role: string,
  placed: PlacedBatch,
  row: number,
): DataError {
  const week = placed.batch.weeks(role)[row]!;
  const isOther = anchor.table !== table.name || anchor.column !== table.sourceOf(role);
  const first = `${formatWeek(anchor.week)}${isOther ? `, a ${weekdayName(anchor.week)}, in column ${anchor.column} of table ${anchor.table}` : ''}`;
  return new DataError(`a value of ${role} is not valid`, {
    expected: `a week that begins on the same weekday as ${first}`,
    found: `${formatWeek(week)}${isOther ? `, a ${weekdayName(week)}` : ''}`,
    where: {
      table: table.name,
      file: placed.file.name,
      column: table.sourceOf(role),
      row: placed.firstRow + row,
    },
    remedy: `Weeks are written as the date of their first day: bring all dates to their week's first day, or say "weekStart": "${weekdayName(anchor.week).toLowerCase()}" for ${table.name} in dataset.json where they are other days of such weeks ("weekShift": days to move dates by first).`,
  });
}
