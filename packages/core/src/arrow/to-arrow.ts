import {
  Bool,
  type Data,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  Utf8,
  makeData,
  vectorFromArray,
  type Timestamp,
} from 'apache-arrow';
import type { Batch } from '../batch/batch.ts';
import { nullCount } from '../columns/build.ts';
import type { Column, StringColumn, TimestampUnit } from '../columns/column.ts';

/**
 * Wraps a batch as an Arrow table. Values, codes and validity bitmaps are shared, not copied; only dictionaries of strings
 * are encoded anew (once an entry, not a row), booleans are packed into bits and decimals widened to 128 bits.
 * @param batch any batch
 * @returns a table of one record batch with the same columns
 */
export function toArrow(batch: Batch): Table {
  const children = [...batch.columns.values()].map(columnToData);
  const fields = [...batch.columns].map(
    ([name, column], i) => new Field(name, children[i]!.type, column.validity !== null),
  );
  const schema = new Schema(fields);
  const struct = makeData({ type: new Struct(fields), length: batch.length, nullCount: 0, children });
  return new Table(schema, new RecordBatch(schema, struct));
}

function columnToData(column: Column): Data {
  const validity = { length: column.length, nullCount: nullCount(column), nullBitmap: column.validity };
  switch (column.type) {
    case 'float64':
      return makeData({ type: new Float64(), data: column.values, ...validity });
    case 'float32':
      return makeData({ type: new Float32(), data: column.values, ...validity });
    case 'int32':
      return makeData({ type: new Int32(), data: column.values, ...validity });
    case 'int64':
      return makeData({ type: new Int64(), data: column.values, ...validity });
    case 'date':
      return makeData({ type: new DateDay(), data: column.values, ...validity });
    case 'timestamp':
      return makeData({ type: timestampType(column.unit), data: column.values, ...validity });
    case 'decimal':
      return makeData({
        type: new Decimal(column.scale, column.precision),
        data: widenDecimals(column.values),
        ...validity,
      });
    case 'bool':
      return makeData({ type: new Bool(), data: packBits(column.values), ...validity });
    case 'string':
      return stringsToData(column, validity);
  }
}

function stringsToData(
  column: StringColumn,
  validity: { length: number; nullCount: number; nullBitmap: Uint8Array | null },
): Data {
  const dictionary = vectorFromArray(column.dictionary, new Utf8());
  return makeData({
    type: new Dictionary(new Utf8(), new Int32()),
    data: column.values,
    dictionary,
    ...validity,
  });
}

function timestampType(unit: TimestampUnit): Timestamp {
  if (unit === 'ms') return new TimestampMillisecond();
  return unit === 'us' ? new TimestampMicrosecond() : new TimestampNanosecond();
}

/** Arrow's decimals are 128-bit integers, four little-endian words each. */
function widenDecimals(values: BigInt64Array): Uint32Array {
  const words = new Uint32Array(values.length * 4);
  const pairs = new BigInt64Array(words.buffer);
  values.forEach((value, row) => {
    pairs[2 * row] = value;
    pairs[2 * row + 1] = value < 0n ? -1n : 0n;
  });
  return words;
}

function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >> 3);
  for (let row = 0; row < bytes.length; row++) if (bytes[row] !== 0) bits[row >> 3]! |= 1 << (row & 7);
  return bits;
}
