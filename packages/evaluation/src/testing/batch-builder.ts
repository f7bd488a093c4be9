import {
  Batch,
  boolColumn,
  dateColumn,
  float64Column,
  int32Column,
  SchemaError,
  stringsToColumn,
  validityWithout,
  type Column,
  type Field,
  type Schema,
} from '@hemline/core';

/** A value of a small table written down by hand. */
export type Cell = string | number | boolean | null;

/** Collects rows of a small table, for tests and examples: not for data. */
export class BatchBuilder {
  readonly schema: Schema;
  readonly #cells: Cell[][];
  #rows = 0;

  /** @param schema columns of types string, float64, int32, date and bool */
  constructor(schema: Schema) {
    this.schema = schema;
    this.#cells = schema.fields.map(() => []);
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Adds a row.
   * @param cells one per field, in the schema's order
   * @throws SchemaError when there are more or fewer
   */
  add(...cells: readonly Cell[]): void {
    if (cells.length !== this.schema.fields.length) {
      throw new SchemaError('a row has the wrong number of cells', {
        expected: `${this.schema.fields.length}`,
        found: `${cells.length}`,
      });
    }
    cells.forEach((cell, position) => this.#cells[position]!.push(cell));
    this.#rows++;
  }

  /** @returns all rows as one batch */
  build(): Batch {
    return new Batch(
      new Map(
        this.schema.fields.map((field, position) => [field.name, toColumn(field, this.#cells[position]!)]),
      ),
      this.#rows,
    );
  }
}

function toColumn(field: Field, cells: readonly Cell[]): Column {
  if (field.type === 'string') return stringsToColumn(cells as (string | null)[]);
  const missing: number[] = [];
  cells.forEach((cell, row) => {
    if (cell === null) missing.push(row);
  });
  const validity = missing.length === 0 ? null : validityWithout(cells.length, missing);
  const numbers = cells.map((cell) => (cell === null ? 0 : Number(cell)));
  switch (field.type) {
    case 'float64':
      return float64Column(Float64Array.from(numbers), validity);
    case 'int32':
      return int32Column(Int32Array.from(numbers), validity);
    case 'date':
      return dateColumn(Int32Array.from(numbers), validity);
    case 'bool':
      return boolColumn(Uint8Array.from(numbers), validity);
    default:
      throw new SchemaError('a small table cannot hold this type', {
        expected: 'string, float64, int32, date or bool',
        found: field.type,
        where: { column: field.name },
      });
  }
}
