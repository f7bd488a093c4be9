import { SchemaError } from '../errors/causes.ts';
import { listing, nearest } from '../errors/listing.ts';
import { isValid, type Column, type NumericColumn, type StringColumn } from '../columns/column.ts';
import type { Schema } from './schema.ts';

/** Named columns of equal length: the unit in which data moves. Immutable by convention. */
export class Batch {
  readonly length: number;
  readonly #columns: ReadonlyMap<string, Column>;

  /**
   * Wraps columns without copying.
   * @param columns by name, in order
   * @param length rows; needed only when there is no column
   * @throws SchemaError when lengths differ
   */
  constructor(columns: Readonly<Record<string, Column>> | ReadonlyMap<string, Column>, length?: number) {
    this.#columns = columns instanceof Map ? columns : new Map(Object.entries(columns));
    this.length = length ?? this.#columns.values().next().value?.length ?? 0;
    for (const [name, column] of this.#columns) {
      if (column.length !== this.length) {
        throw new SchemaError('columns of one batch have different lengths', {
          expected: `${this.length} rows`,
          found: `${column.length}`,
          where: { column: name },
        });
      }
    }
  }

  /** Column names, in order. */
  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** The columns by name, in order. */
  get columns(): ReadonlyMap<string, Column> {
    return this.#columns;
  }

  /** The schema that this batch has; a column counts as nullable when it carries a bitmap. */
  get schema(): Schema {
    return {
      fields: [...this.#columns].map(([name, column]) => ({
        name,
        type: column.type,
        nullable: column.validity !== null,
        ...(column.type === 'timestamp' ? { unit: column.unit } : {}),
        ...(column.type === 'decimal' ? { precision: column.precision, scale: column.scale } : {}),
      })),
    };
  }

  /**
   * @param name of the column
   * @returns whether there is one
   */
  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /**
   * @param name of the column
   * @returns the column
   * @throws SchemaError that lists what there is
   */
  column(name: string): Column {
    const column = this.#columns.get(name);
    if (column === undefined) {
      const close = nearest(name, this.names);
      throw new SchemaError(`there is no column ${name}`, {
        expected: `one of ${listing(this.names, 20)}`,
        ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
      });
    }
    return column;
  }

  /**
   * A column whose values are plain numbers.
   * @param name of the column
   * @returns the column
   * @throws SchemaError when it is missing or holds no numbers
   */
  numbers(name: string): NumericColumn {
    const column = this.column(name);
    if (
      column.type === 'string' ||
      column.type === 'int64' ||
      column.type === 'timestamp' ||
      column.type === 'decimal'
    ) {
      throw new SchemaError('the column holds no plain numbers', {
        expected: 'float, int32, date or bool',
        found: column.type,
        where: { column: name },
      });
    }
    return column;
  }

  /**
   * The values of a numeric column as float64 with NaN where missing. A copy, unless it is float64 without nulls.
   * @param name of the column
   * @returns one number per row
   */
  floats(name: string): Float64Array {
    const column = this.numbers(name);
    if (column.type === 'float64' && column.validity === null) return column.values;
    const floats = Float64Array.from(column.values);
    if (column.validity !== null)
      for (let row = 0; row < floats.length; row++) if (!isValid(column, row)) floats[row] = NaN;
    return floats;
  }

  /**
   * @param name of the column
   * @returns the string column
   * @throws SchemaError when it is missing or of another type
   */
  strings(name: string): StringColumn {
    const column = this.column(name);
    if (column.type !== 'string') {
      throw new SchemaError('the column holds no strings', {
        expected: 'string',
        found: column.type,
        where: { column: name },
      });
    }
    return column;
  }

  /**
   * The weeks (or other dates) of a column.
   * @param name of the column
   * @returns days since 1970-01-01, a view
   * @throws SchemaError when it is missing or of another type
   */
  weeks(name: string): Int32Array {
    const column = this.column(name);
    if (column.type !== 'date') {
      throw new SchemaError('the column holds no weeks', {
        expected: 'date',
        found: column.type,
        where: { column: name },
      });
    }
    return column.values;
  }

  /**
   * The same rows with some columns only. No copy.
   * @param names of the columns, in the order wanted
   * @returns the narrower batch
   */
  select(names: readonly string[]): Batch {
    return new Batch(new Map(names.map((name) => [name, this.column(name)])), this.length);
  }

  /**
   * The same rows with columns added or replaced. No copy.
   * @param columns by name
   * @returns the wider batch
   */
  with(columns: Readonly<Record<string, Column>>): Batch {
    return new Batch(new Map([...this.#columns, ...Object.entries(columns)]), this.length);
  }
}
