import { DataType, DateUnit, Precision, TimeUnit, type Data, type Table } from 'apache-arrow';
import { Batch } from '../batch/batch.ts';
import {
  boolColumn,
  dateColumn,
  decimalColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  stringsToColumn,
  timestampColumn,
} from '../columns/build.ts';
import { concatColumns } from '../columns/concat.ts';
import type { Column, TimestampUnit } from '../columns/column.ts';
import { SchemaError, UnsupportedError } from '../errors/causes.ts';
import { dictionaryToColumn, stringsOf } from './arrow-strings.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
/** That surely fit into 64 bits. */
const MOST_DIGITS = 18;

/**
 * Wraps an Arrow table as a batch. Columns of one chunk whose type is ours (float64, float32, int32, int64, date in days,
 * timestamp, dictionary of distinct strings with int32 codes) share their values; others are copied: several chunks are joined,
 * plain strings are coded, narrower integers and half precision widened, seconds become milliseconds, booleans are unpacked, decimals
 * of any width narrowed. A row whose dictionary entry is null is missing.
 * @param table any Arrow table
 * @returns the batch
 * @throws UnsupportedError for a type without a column type here, naming the column
 * @throws SchemaError when two columns have the same name
 */
export function fromArrow(table: Table): Batch {
  const columns = new Map<string, Column>();
  table.schema.fields.forEach((field, i) => {
    if (columns.has(field.name)) {
      throw new SchemaError('two columns have the same name', {
        where: { column: field.name },
        remedy: 'Rename one of them.',
      });
    }
    const chunks = table.getChildAt(i)!.data.filter((chunk) => chunk.length > 0 || table.numRows === 0);
    const parts = chunks.map((chunk) => dataToColumn(chunk, field.name));
    columns.set(field.name, concatColumns(parts));
  });
  return new Batch(columns, table.numRows);
}

function dataToColumn(data: Data, name: string): Column {
  const validity = validityOf(data);
  const type: DataType = data.type;
  // Buffers that came over the wire are padded.
  const values = (data.values as Int32Array | undefined)?.subarray(0, data.length) as unknown;
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.DOUBLE) return float64Column(values as Float64Array, validity);
    if (type.precision === Precision.SINGLE) return float32Column(values as Float32Array, validity);
    if (type.precision === Precision.HALF) return float32Column(widenHalves(values as Uint16Array), validity);
  } else if (DataType.isInt(type)) {
    if (type.bitWidth === 64 && type.isSigned) return int64Column(values as BigInt64Array, validity);
    if (type.bitWidth === 32 && type.isSigned) return int32Column(values as Int32Array, validity);
    if (type.bitWidth === 32) return int64Column(BigInt64Array.from(values as Uint32Array, BigInt), validity);
    if (type.bitWidth < 32) return int32Column(Int32Array.from(values as Int8Array), validity);
  } else if (DataType.isDate(type)) {
    if (type.unit === DateUnit.DAY) return dateColumn(values as Int32Array, validity);
    const days = Int32Array.from(values as BigInt64Array, (time) =>
      Math.floor(Number(time) / MILLISECONDS_PER_DAY),
    );
    return dateColumn(days, validity);
  } else if (DataType.isTimestamp(type)) {
    const ticks = values as BigInt64Array;
    return type.unit === TimeUnit.SECOND
      ? timestampColumn(
          ticks.map((seconds) => 1000n * seconds),
          'ms',
          validity,
        )
      : timestampColumn(ticks, unitOf(type.unit), validity);
  } else if (DataType.isDecimal(type)) {
    // A number below 1 may have more digits after the point than in all.
    const precision = Math.max(type.precision, type.scale);
    if (precision <= MOST_DIGITS && type.scale >= 0)
      return decimalColumn(narrowDecimals(data, type.bitWidth), precision, type.scale, validity);
  } else if (DataType.isBool(type)) {
    return boolColumn(unpackBits(data.values as unknown as Uint8Array, data.offset, data.length), validity);
  } else if (isText(type)) {
    return stringsToColumn(stringsOf(data));
  } else if (DataType.isDictionary(type) && isText(type.dictionary as DataType)) {
    return dictionaryToColumn(data, values as Int32Array, validity, name);
  }
  throw new UnsupportedError('an Arrow type has no column type here', {
    expected:
      'floats, integers but unsigned ones of 64 bits, bool, date, timestamp, decimals of at most 18 digits, strings or dictionaries of strings',
    found: String(data.type),
    where: { column: name },
    remedy: 'Cast the column before handing it over.',
  });
}

/**
 * Decimals as 64-bit integers, from the bits: as numbers and text apache-arrow gives those of other than 128 bits wrong. Of at most
 * 18 digits the lowest 64 bits, or 32 with their sign, say all.
 */
function narrowDecimals(data: Data, bitWidth: number): BigInt64Array {
  const words = data.values as Uint32Array;
  const stride = bitWidth / 32;
  return BigInt64Array.from({ length: data.length }, (_, row) => {
    const low = BigInt(words[row * stride]!);
    return stride === 1
      ? BigInt.asIntN(32, low)
      : BigInt.asIntN(64, low | (BigInt(words[row * stride + 1]!) << 32n));
  });
}

function widenHalves(bits: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(bits.buffer, bits.byteOffset, bits.length));
}

function isText(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}

/** The bitmap in our order, starting at bit 0; null when nothing is missing. */
function validityOf(data: Data): Uint8Array | null {
  if (data.nullCount === 0) return null;
  const bitmap = data.nullBitmap as Uint8Array;
  if (data.offset === 0) return bitmap;
  const shifted = new Uint8Array((data.length + 7) >> 3);
  for (let row = 0; row < data.length; row++) if (data.getValid(row)) shifted[row >> 3]! |= 1 << (row & 7);
  return shifted;
}

function unpackBits(bits: Uint8Array, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let row = 0; row < length; row++)
    bytes[row] = (bits[(offset + row) >> 3]! >> ((offset + row) & 7)) & 1;
  return bytes;
}

function unitOf(unit: TimeUnit): TimestampUnit {
  if (unit === TimeUnit.MILLISECOND) return 'ms';
  return unit === TimeUnit.MICROSECOND ? 'us' : 'ns';
}
