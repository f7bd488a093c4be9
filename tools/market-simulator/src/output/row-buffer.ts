import {
  Batch,
  boolColumn,
  dateColumn,
  float32Column,
  float64Column,
  int32Column,
  stringColumn,
  validityWithout,
  type Column,
  type Field,
  type Schema,
} from '@hemline/core';

/** Column types that a simulation writes. */
type BufferedType = 'float64' | 'float32' | 'int32' | 'bool' | 'date' | 'string';

const ALLOCATE = {
  float64: (rows: number) => new Float64Array(rows),
  float32: (rows: number) => new Float32Array(rows),
  int32: (rows: number) => new Int32Array(rows),
  bool: (rows: number) => new Uint8Array(rows),
  date: (rows: number) => new Int32Array(rows),
  string: (rows: number) => new Int32Array(rows),
} as const;

/** The rows of one row group while they are being filled, in typed arrays. */
export class RowBuffer {
  readonly #fields: readonly Field[];
  readonly #capacity: number;
  readonly #values = new Map<string, Float64Array | Float32Array | Int32Array | Uint8Array>();
  readonly #dictionaries = new Map<string, Map<string, number>>();
  readonly #missing = new Map<string, number[]>();
  /** Rows filled so far. */
  length = 0;

  /**
   * @param schema of the rows
   * @param capacity most rows
   */
  constructor(schema: Schema, capacity: number) {
    this.#fields = schema.fields;
    this.#capacity = capacity;
    for (const { name, type, nullable } of schema.fields) {
      this.#values.set(name, ALLOCATE[type as BufferedType](capacity));
      if (type === 'string') this.#dictionaries.set(name, new Map());
      if (nullable) this.#missing.set(name, []);
    }
  }

  /** Rows that still fit. */
  get room(): number {
    return this.#capacity - this.length;
  }

  /**
   * The array of a column, to be written at rows from {@link length} on.
   * @param name of a column that holds numbers, booleans or weeks
   * @returns the array itself
   */
  values(name: string): Float64Array | Float32Array | Int32Array | Uint8Array {
    return this.#values.get(name)!;
  }

  /**
   * Writes a string into rows.
   * @param name of the column
   * @param text the string
   * @param from first row
   * @param count rows
   */
  fillString(name: string, text: string, from: number, count: number): void {
    const dictionary = this.#dictionaries.get(name)!;
    let code = dictionary.get(text);
    if (code === undefined) {
      code = dictionary.size;
      dictionary.set(text, code);
    }
    this.#values.get(name)!.fill(code, from, from + count);
  }

  /**
   * Leaves a value out.
   * @param name of a nullable column
   * @param row where
   */
  markMissing(name: string, row: number): void {
    this.#missing.get(name)!.push(row);
  }

  /** @returns the filled rows; the buffer must not be written to afterwards */
  toBatch(): Batch {
    const columns = new Map<string, Column>();
    for (const { name, type } of this.#fields) {
      const missing = this.#missing.get(name) ?? [];
      const validity = missing.length === 0 ? null : validityWithout(this.length, missing);
      columns.set(name, this.#column(name, type as BufferedType, validity));
    }
    return new Batch(columns, this.length);
  }

  #column(name: string, type: BufferedType, validity: Uint8Array | null): Column {
    const values = this.#values.get(name)!.subarray(0, this.length);
    switch (type) {
      case 'float64':
        return float64Column(values as Float64Array, validity);
      case 'float32':
        return float32Column(values as Float32Array, validity);
      case 'int32':
        return int32Column(values as Int32Array, validity);
      case 'bool':
        return boolColumn(values as Uint8Array, validity);
      case 'date':
        return dateColumn(values as Int32Array, validity);
      case 'string':
        return stringColumn(values as Int32Array, [...this.#dictionaries.get(name)!.keys()], validity);
    }
  }
}
