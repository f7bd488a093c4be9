import type { SchemaElement } from 'hyparquet';
import type { ColumnType, Field, TimestampUnit } from '@hemline/core';

/** How a Parquet leaf column reads here. */
export interface LeafType {
  readonly type: ColumnType;
  readonly unit?: TimestampUnit;
}

/**
 * The column type of a Parquet leaf (https://parquet.apache.org/docs/file-format/types/logicaltypes/).
 * @param element schema element of a flat column
 * @returns the type, or null for one that has no column type here (decimals, unsigned 64-bit, INT96, UUID …)
 */
export function leafType(element: SchemaElement): LeafType | null {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return null;
  switch (type) {
    case 'BOOLEAN':
      return { type: 'bool' };
    case 'FLOAT':
      return { type: 'float32' };
    case 'DOUBLE':
      return { type: 'float64' };
    case 'INT32':
      if (converted === 'DATE' || logical?.type === 'DATE') return { type: 'date' };
      if (
        converted === 'UINT_32' ||
        (logical?.type === 'INTEGER' && !logical.isSigned && logical.bitWidth === 32)
      )
        return null;
      return logical?.type === 'TIME' || converted === 'TIME_MILLIS' ? null : { type: 'int32' };
    case 'INT64':
      if (logical?.type === 'TIMESTAMP') return { type: 'timestamp', unit: unitOf(logical.unit) };
      if (converted === 'TIMESTAMP_MILLIS') return { type: 'timestamp', unit: 'ms' };
      if (converted === 'TIMESTAMP_MICROS') return { type: 'timestamp', unit: 'us' };
      if (converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned)) return null;
      return logical?.type === 'TIME' || converted === 'TIME_MICROS' ? null : { type: 'int64' };
    case 'BYTE_ARRAY':
      return isText(element) ? { type: 'string' } : null;
    default:
      return null;
  }
}

/**
 * The schema element that a field is written as. Columns are OPTIONAL throughout, as pyarrow writes them.
 * @param field name and type
 * @param unit of a timestamp
 * @returns the element
 */
export function schemaElement(field: Field, unit: TimestampUnit = 'us'): SchemaElement {
  const element = { name: field.name, repetition_type: 'OPTIONAL' } as const;
  switch (field.type) {
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
    case 'timestamp': {
      const parquetUnit = ({ ms: 'MILLIS', us: 'MICROS', ns: 'NANOS' } as const)[unit];
      return {
        ...element,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: parquetUnit },
      };
    }
  }
}

/** Byte arrays without an annotation read as text: that is what most writers without one mean. */
function isText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (converted !== undefined) return converted === 'UTF8' || converted === 'ENUM';
  return logical === undefined || logical.type === 'STRING' || logical.type === 'ENUM';
}

function unitOf(unit: 'MILLIS' | 'MICROS' | 'NANOS'): TimestampUnit {
  return ({ MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const)[unit];
}
