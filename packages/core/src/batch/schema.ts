import type { ColumnType } from '../columns/index.ts';

/** One column of a table: what it means and what it may hold. */
export interface Field {
  readonly name: string;
  readonly type: ColumnType;
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
