import { SchemaError } from '../errors/causes.ts';
import { isValid, type Column, type ColumnValues, type StringColumn } from './column.ts';

/**
 * Joins columns of one type end to end, copying. String dictionaries are merged: O(rows + dictionary entries).
 * @param columns at least one
 * @returns the joined column
 * @throws SchemaError when types, units or scales differ
 */
export function concatColumns(columns: readonly Column[]): Column {
  const first = columns[0]!;
  if (columns.length === 1) return first;
  let length = 0;
  let hasNulls = false;
  for (const column of columns) {
    if (typeText(column) !== typeText(first)) {
      throw new SchemaError('columns of different types cannot be joined', {
        expected: typeText(first),
        found: typeText(column),
      });
    }
    length += column.length;
    hasNulls ||= column.validity !== null;
  }
  const values = new (first.values.constructor as new (length: number) => ColumnValues)(length);
  const validity = hasNulls ? new Uint8Array((length + 7) >> 3) : null;
  // Batches of one source share their dictionary: its codes mean the same in all of them.
  const isShared =
    first.type === 'string' &&
    columns.every((column) => (column as StringColumn).dictionary === first.dictionary);
  const merged = first.type === 'string' && !isShared ? new DictionaryMerge() : null;
  let offset = 0;
  for (const column of columns) {
    if (merged !== null) merged.append(column as StringColumn, values as Int32Array, offset);
    else (values as Float64Array).set(column.values as Float64Array, offset);
    if (validity !== null) {
      for (let row = 0; row < column.length; row++) {
        if (isValid(column, row)) validity[(offset + row) >> 3]! |= 1 << ((offset + row) & 7);
      }
    }
    offset += column.length;
  }
  if (merged !== null)
    return { type: 'string', length, values: values as Int32Array, dictionary: merged.dictionary, validity };
  return { ...first, length, values, validity } as Column;
}

/**
 * A column's type with its unit or scale: numbers of two units are not the same numbers.
 * @param column any column
 * @returns for example `timestamp us`, `decimal(10, 2)`
 */
export function typeText(column: Column): string {
  if (column.type === 'timestamp') return `timestamp ${column.unit}`;
  return column.type === 'decimal' ? `decimal(${column.precision}, ${column.scale})` : column.type;
}

/** Collects distinct strings over several dictionaries. */
class DictionaryMerge {
  readonly dictionary: string[] = [];
  readonly #codeOf = new Map<string, number>();
  readonly #recodes = new Map<readonly string[], Int32Array>();

  append(column: StringColumn, target: Int32Array, offset: number): void {
    const recode = this.#recodeOf(column.dictionary);
    for (let row = 0; row < column.length; row++)
      if (isValid(column, row)) target[offset + row] = recode[column.values[row]!]!;
  }

  #recodeOf(dictionary: readonly string[]): Int32Array {
    const known = this.#recodes.get(dictionary);
    if (known !== undefined) return known;
    const recode = Int32Array.from(dictionary, (text) => this.#code(text));
    this.#recodes.set(dictionary, recode);
    return recode;
  }

  #code(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.dictionary.length;
      this.#codeOf.set(text, code);
      this.dictionary.push(text);
    }
    return code;
  }
}
