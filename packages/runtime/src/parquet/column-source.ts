import type { ColumnSource } from 'hyparquet-writer';
import { isValid, type Column } from '@hemline/core';

/**
 * A column as hyparquet-writer takes it: the typed array itself where it can, else a plain array with nulls.
 * @param name on disk
 * @param column any column
 * @returns the source
 */
export function columnSource(name: string, column: Column): ColumnSource {
  switch (column.type) {
    case 'string': {
      const { dictionary, values } = column;
      return { name, data: fill(column, (row) => dictionary[values[row]!]!) };
    }
    case 'bool':
      return { name, data: fill(column, (row) => column.values[row] !== 0) };
    case 'float64':
    case 'float32': {
      const data = column.validity === null ? column.values : fill(column, (row) => column.values[row]!);
      // The writer's dictionary takes −0 and +0 for the same key and would lose the sign.
      return hasNegativeZero(column.values) ? { name, data, encoding: 'PLAIN' } : { name, data };
    }
    default:
      return {
        name,
        data: column.validity === null ? column.values : fill(column, (row) => column.values[row]!),
      };
  }
}

function fill<T>(column: Column, valueOf: (row: number) => T): (T | null)[] {
  const values = new Array<T | null>(column.length);
  for (let row = 0; row < values.length; row++) values[row] = isValid(column, row) ? valueOf(row) : null;
  return values;
}

function hasNegativeZero(values: Float64Array | Float32Array): boolean {
  for (const value of values) if (value === 0 && Object.is(value, -0)) return true;
  return false;
}
