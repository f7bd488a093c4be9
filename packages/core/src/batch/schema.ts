import type { ColumnType, TimestampUnit } from '../columns/column.ts';

/** One column of a table: what it means and what it may hold. */
export interface Field {
  readonly name: string;
  readonly type: ColumnType;
  /** Of a timestamp; microseconds where it is not said. */
  readonly unit?: TimestampUnit;
  /** Digits of a decimal in all; 18 where it is not said. */
  readonly precision?: number;
  /** Digits of a decimal after the point; 2 where it is not said. */
  readonly scale?: number;
  /** Whether rows may be missing. */
  readonly nullable?: boolean;
  /** One line for people: what it is, in which unit. */
  readonly description?: string;
  /** Whether a covariate's values are planned ahead, so that rows after the cutoff may be read for them. */
  readonly knownAhead?: boolean;
}

/** The columns of a table, in order. */
export interface Schema {
  readonly fields: readonly Field[];
}

/**
 * @param fields in order
 * @returns the schema
 */
export function schemaOf(...fields: readonly Field[]): Schema {
  return { fields };
}
