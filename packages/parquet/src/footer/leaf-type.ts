import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType, TimestampUnit } from '@hemline/core';

/** How the bytes of a Parquet leaf become the values of a typed column. */
export type Representation =
  /** Values of 4 or 8 bytes, as they are. */
  | 'fixed'
  | 'bool'
  | 'text'
  /** 32-bit integers that become 64-bit ones. */
  | 'widened-signed'
  | 'widened-unsigned'
  /** 64-bit integers without a sign; those beyond the largest signed one are refused. */
  | 'unsigned'
  /** Big-endian two's complement of any length. */
  | 'decimal-bytes'
  /** Nanoseconds of a day and Julian day, as Impala and old Spark write them. */
  | 'int96'
  | 'float16';

/** How a Parquet leaf column reads here. */
export interface LeafType {
  readonly type: ColumnType;
  readonly representation: Representation;
  readonly unit?: TimestampUnit;
  readonly precision?: number;
  readonly scale?: number;
  /** Whether the declaration allows values that the type does not hold: unsigned 64-bit integers, decimals of more than 18 digits. */
  readonly isWide?: true;
}

/** Digits that surely fit into 64 bits. Decimals of more are read as long as their values have no more. */
const TYPED_PRECISION = 18;

/**
 * The column type of a Parquet leaf (https://parquet.apache.org/docs/file-format/types/logicaltypes/).
 * @param element schema element of a flat column
 * @param annotatesText whether the file's writer annotates text, so that byte arrays without an annotation are bytes
 * @returns the type, or null for one that has no column type here (bytes, UUID, times …)
 */
export function leafType(element: SchemaElement, annotatesText: boolean): LeafType | null {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return decimalType(element);
  switch (type) {
    case 'BOOLEAN':
      return { type: 'bool', representation: 'bool' };
    case 'FLOAT':
      return { type: 'float32', representation: 'fixed' };
    case 'DOUBLE':
      return { type: 'float64', representation: 'fixed' };
    case 'INT32':
      return int32Type(element);
    case 'INT64':
      return int64Type(element);
    case 'INT96':
      return { type: 'timestamp', unit: 'ns', representation: 'int96' };
    case 'BYTE_ARRAY':
      return isText(element, annotatesText) ? { type: 'string', representation: 'text' } : null;
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical?.type === 'FLOAT16' && element.type_length === 2
        ? { type: 'float32', representation: 'float16' }
        : null;
    default:
      return null;
  }
}

/**
 * @param element schema element
 * @returns whether every row is missing, so that the writer knew of no type: Parquet's UNKNOWN
 */
export function isUntyped({ logical_type: logical }: SchemaElement): boolean {
  return logical?.type === 'NULL';
}

/**
 * A file's declaration of a leaf, for messages.
 * @param element schema element
 * @returns for example `INT64 UINT_64`
 */
export function declaredType(element: SchemaElement): string {
  const { type, logical_type: logical, converted_type: converted, precision, scale } = element;
  const annotation =
    converted === 'DECIMAL' || logical?.type === 'DECIMAL'
      ? `DECIMAL(${precision}, ${scale ?? 0})`
      : logical?.type === 'INTEGER'
        ? `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}`
        : (logical?.type ?? converted);
  return [type, annotation].filter(Boolean).join(' ');
}

/**
 * The schema element that a column is written as. Columns are OPTIONAL throughout, as pyarrow writes them.
 * @param name of the column
 * @param column its type; only type, unit, precision and scale are looked at
 * @returns the element
 */
export function schemaElement(
  name: string,
  column: Pick<Column, 'type'> & { unit?: TimestampUnit; precision?: number; scale?: number },
): SchemaElement {
  const element = { name, repetition_type: 'OPTIONAL' } as const;
  switch (column.type) {
    case 'float64':
      return { ...element, type: 'DOUBLE' };
    case 'float32':
      return { ...element, type: 'FLOAT' };
    case 'int32':
      return { ...element, type: 'INT32' };
    case 'int64':
      return { ...element, type: 'INT64' };
    case 'bool':
      return { ...element, type: 'BOOLEAN' };
    case 'date':
      return { ...element, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'string':
      return { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'decimal': {
      const { precision = TYPED_PRECISION, scale = 2 } = column;
      const logical = { type: 'DECIMAL', precision, scale } as const;
      return {
        ...element,
        type: 'INT64',
        converted_type: 'DECIMAL',
        precision,
        scale,
        logical_type: logical,
      };
    }
    case 'timestamp': {
      const unit = ({ ms: 'MILLIS', us: 'MICROS', ns: 'NANOS' } as const)[column.unit ?? 'us'];
      return {
        ...element,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit },
      };
    }
  }
}

function decimalType({
  type,
  precision = 0,
  scale = 0,
  logical_type: logical,
}: SchemaElement): LeafType | null {
  const digits = logical?.type === 'DECIMAL' ? logical.precision : precision;
  const after = logical?.type === 'DECIMAL' ? logical.scale : scale;
  if (digits < 1 || after < 0 || after > TYPED_PRECISION) return null;
  const isWide = digits > TYPED_PRECISION ? { isWide: true as const } : {};
  const decimal = {
    type: 'decimal' as const,
    precision: Math.min(digits, TYPED_PRECISION),
    scale: after,
    ...isWide,
  };
  if (type === 'INT64') return { ...decimal, representation: 'fixed' };
  if (type === 'INT32') return { ...decimal, representation: 'widened-signed' };
  return type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY'
    ? { ...decimal, representation: 'decimal-bytes' }
    : null;
}

function int32Type({ converted_type: converted, logical_type: logical }: SchemaElement): LeafType | null {
  if (converted === 'DATE' || logical?.type === 'DATE') return { type: 'date', representation: 'fixed' };
  if (logical?.type === 'TIME' || converted === 'TIME_MILLIS') return null;
  const isUnsigned =
    converted === 'UINT_32' || (logical?.type === 'INTEGER' && !logical.isSigned && logical.bitWidth === 32);
  return isUnsigned
    ? { type: 'int64', representation: 'widened-unsigned' }
    : { type: 'int32', representation: 'fixed' };
}

function int64Type({ converted_type: converted, logical_type: logical }: SchemaElement): LeafType | null {
  const timestamp = { type: 'timestamp', representation: 'fixed' } as const;
  if (logical?.type === 'TIMESTAMP') return { ...timestamp, unit: unitOf(logical.unit) };
  if (converted === 'TIMESTAMP_MILLIS') return { ...timestamp, unit: 'ms' };
  if (converted === 'TIMESTAMP_MICROS') return { ...timestamp, unit: 'us' };
  if (converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned))
    return { type: 'int64', representation: 'unsigned', isWide: true };
  if (logical?.type === 'TIME' || converted === 'TIME_MICROS') return null;
  return { type: 'int64', representation: 'fixed' };
}

/**
 * Byte arrays without an annotation are bytes in files whose other texts have one, and text in those in which none has: the
 * writers of old (Impala, Hive) that knew no annotation.
 */
function isText(
  { converted_type: converted, logical_type: logical }: SchemaElement,
  annotatesText: boolean,
): boolean {
  // A type that is not known has none of the names: what is stored is all that can be said of it.
  const type = logical?.type as string | undefined;
  if (type !== undefined) return ['STRING', 'ENUM', 'JSON'].includes(type);
  return converted === undefined ? !annotatesText : ['UTF8', 'ENUM', 'JSON'].includes(converted);
}

/**
 * Whether a file says of its texts that they are text.
 * @param elements of its schema
 * @returns whether any byte array is annotated
 */
export function annotatesText(elements: readonly SchemaElement[]): boolean {
  return elements.some(
    ({ type, converted_type: converted, logical_type: logical }) =>
      type === 'BYTE_ARRAY' && (converted === 'UTF8' || logical?.type === 'STRING'),
  );
}

function unitOf(unit: 'MILLIS' | 'MICROS' | 'NANOS'): TimestampUnit {
  return ({ MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const)[unit];
}
