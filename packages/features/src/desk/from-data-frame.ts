import {
  Batch,
  boolColumn,
  dateColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  parseWeek,
  SchemaError,
  stringsToColumn,
  decimalColumn,
  timestampColumn,
  type Column,
  type ColumnType,
  type Field,
  type Schema,
} from '@hemline/core';
import type { DataFrame } from 'danfojs-node';
import { parseTimestamp } from './time-text.ts';

/**
 * A data frame as a batch. Columns that the schema names get its types, so that
 * `fromDataFrame(toDataFrame(batch), batch.schema)` is the batch again, timestamps counted in microseconds; of the
 * others, text becomes string, booleans bool and numbers float64. NaN stays a value, null and undefined are missing.
 * @param frame any data frame
 * @param schema the types wanted, where they are not those above
 * @returns the batch, a copy
 * @throws SchemaError when a cell does not fit its column's type, with column, row and cell
 */
export function fromDataFrame(frame: DataFrame, schema: Schema = { fields: [] }): Batch {
  const types = new Map(schema.fields.map((field) => [field.name, field]));
  const columns = new Map<string, Column>();
  const data = frame.getColumnData as unknown[][];
  frame.columns.forEach((name, index) => {
    const cells = data[index]!;
    columns.set(name, columnOf(cells, types.get(name) ?? { name, type: inferType(cells) }));
  });
  return new Batch(columns, frame.shape[0]);
}

function inferType(cells: readonly unknown[]): ColumnType {
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  if (typeof first === 'string') return 'string';
  return typeof first === 'boolean' ? 'bool' : 'float64';
}

function columnOf(cells: readonly unknown[], { name, type, precision = 18, scale = 2 }: Field): Column {
  const missing = (row: number): boolean => cells[row] === null || cells[row] === undefined;
  const refuse = (row: number): never => {
    throw new SchemaError('a cell does not fit the type of its column', {
      expected: type,
      found: JSON.stringify(cells[row]) ?? String(cells[row]),
      where: { column: name, row },
    });
  };
  const read = <T>(row: number, convert: (cell: unknown) => T | null): T =>
    convert(cells[row]) ?? refuse(row);

  if (type === 'string') {
    const text = (cell: unknown): string | null => (typeof cell === 'string' ? cell : null);
    return stringsToColumn(cells.map((_, row) => (missing(row) ? null : read(row, text))));
  }
  const length = cells.length;
  let validity: Uint8Array | null = null;
  for (let row = 0; row < length; row++) {
    if (!missing(row)) continue;
    validity ??= new Uint8Array((length + 7) >> 3).fill(0xff);
    validity[row >> 3]! &= ~(1 << (row & 7));
  }
  const fill = <T, A extends { [index: number]: T }>(values: A, convert: (cell: unknown) => T | null): A => {
    for (let row = 0; row < length; row++) if (!missing(row)) values[row] = read(row, convert);
    return values;
  };
  switch (type) {
    case 'float64':
      return float64Column(fill(new Float64Array(length), toNumber), validity);
    case 'float32':
      return float32Column(fill(new Float32Array(length), toNumber), validity);
    case 'int32':
      return int32Column(fill(new Int32Array(length), toInt32), validity);
    case 'int64':
      return int64Column(fill(new BigInt64Array(length), toInt64), validity);
    case 'bool':
      return boolColumn(fill(new Uint8Array(length), toBit), validity);
    case 'date':
      return dateColumn(fill(new Int32Array(length), toDay), validity);
    case 'timestamp':
      return timestampColumn(fill(new BigInt64Array(length), toMicroseconds), 'us', validity);
    case 'decimal':
      return decimalColumn(
        fill(new BigInt64Array(length), (cell) => toUnscaled(cell, scale)),
        precision,
        scale,
        validity,
      );
  }
}

function toNumber(cell: unknown): number | null {
  return typeof cell === 'number' ? cell : null;
}

function toInt32(cell: unknown): number | null {
  return typeof cell === 'number' && (cell | 0) === cell ? cell : null;
}

function toInt64(cell: unknown): bigint | null {
  return Number.isSafeInteger(cell) ? BigInt(cell as number) : null;
}

function toUnscaled(cell: unknown, scale: number): bigint | null {
  if (typeof cell !== 'number') return null;
  const unscaled = Math.round(cell * 10 ** scale);
  return Number.isSafeInteger(unscaled) ? BigInt(unscaled) : null;
}

function toBit(cell: unknown): number | null {
  return typeof cell === 'boolean' ? Number(cell) : null;
}

function toDay(cell: unknown): number | null {
  if (typeof cell !== 'string') return null;
  try {
    return parseWeek(cell);
  } catch {
    // Refused by the caller, which knows column and row.
    return null;
  }
}

function toMicroseconds(cell: unknown): bigint | null {
  return typeof cell === 'string' ? parseTimestamp(cell, 'us') : null;
}
