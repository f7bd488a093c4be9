import {
  isValid,
  parseWeek,
  stringsToColumn,
  valueAt,
  type Batch,
  type Column,
  type StringColumn,
} from '@hemline/core';

/** A cell that was read: its value, null where it is empty; and what is wrong with it, if anything. */
export interface Cell<T> {
  readonly value: T | null;
  readonly problem: string | null;
}

/** Reads a cell of a column by its row. */
export type ReadCell<T> = (row: number) => Cell<T>;

const EMPTY: Cell<never> = { value: null, problem: null };

/** Reads cells of a table that somebody has made: text is parsed, once for each that differs; typed columns are taken as they are. */
export class CellReader {
  readonly #batch: Batch;

  /** @param batch some rows of the table */
  constructor(batch: Batch) {
    this.#batch = batch;
  }

  /**
   * @param name of a column
   * @returns text of its cells
   */
  texts(name: string): ReadCell<string> {
    return this.#cells(name, (value) => ({ value: String(value), problem: null }));
  }

  /**
   * @param name of a column
   * @returns it as text; empty where there is none
   */
  textColumn(name: string): StringColumn {
    const column = this.#batch.column(name);
    if (column.type === 'string') return { ...column, validity: null };
    return stringsToColumn(
      Array.from({ length: column.length }, (_, row) => String(valueAt(column, row) ?? '')),
    );
  }

  /**
   * @param name of a column: `discount` is a fraction, `price` positive, `version` whole
   * @returns numbers of its cells
   */
  numbers(name: 'discount' | 'price' | 'version' | (string & {})): ReadCell<number> {
    return this.#cells(name, (given) => {
      const value = Number(given);
      const found = String(given);
      if (!Number.isFinite(value))
        return wrong(`expected a number with a point, such as 0.2; found ${found}`);
      if (name === 'discount' && !(value >= 0 && value < 1))
        return wrong(`expected a fraction in [0, 1), such as 0.2 for 20 %; found ${found}`);
      if (name === 'price' && value <= 0) return wrong(`expected a price above 0; found ${found}`);
      if (name === 'version' && !(Number.isInteger(value) && value >= 0))
        return wrong(`expected the version of an export, a whole number; found ${found}`);
      return { value, problem: null };
    });
  }

  /**
   * @param name of a column
   * @returns days since 1970-01-01
   */
  weeks(name: string): ReadCell<number> {
    return this.#cells(name, (value, column) => {
      if (column.type === 'date') return { value: Number(value), problem: null };
      try {
        return { value: parseWeek(String(value)), problem: null };
      } catch {
        return wrong(`expected a date as YYYY-MM-DD; found ${String(value)}`);
      }
    });
  }

  /**
   * @param name of a column
   * @returns milliseconds since 1970
   */
  times(name: string): ReadCell<number> {
    return this.#cells(name, (value, column) => {
      if (column.type === 'timestamp')
        return {
          value: Math.floor(Number(value) / { ms: 1, us: 1e3, ns: 1e6 }[column.unit]),
          problem: null,
        };
      if (column.type === 'date') return { value: Number(value) * 86_400_000, problem: null };
      const time = /^\d{4}-\d{2}-\d{2}/.test(String(value)) ? Date.parse(String(value)) : NaN;
      return Number.isNaN(time)
        ? wrong(`expected an ISO date or time, such as 2026-01-05T08:00:00Z; found ${String(value)}`)
        : { value: time, problem: null };
    });
  }

  #cells<T>(
    name: string,
    read: (value: NonNullable<ReturnType<typeof valueAt>>, column: Column) => Cell<T>,
  ): ReadCell<T> {
    if (!this.#batch.has(name)) return () => EMPTY;
    const column = this.#batch.column(name);
    if (column.type === 'string') {
      const cells = column.dictionary.map((text) => (text === '' ? EMPTY : read(text, column)));
      return (row) => (isValid(column, row) ? cells[column.values[row]!]! : EMPTY);
    }
    return (row) => {
      const value = valueAt(column, row);
      return value === null || Number.isNaN(value) ? EMPTY : read(value, column);
    };
  }
}

function wrong(problem: string): Cell<never> {
  return { value: null, problem };
}
