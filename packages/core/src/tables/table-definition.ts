import type { ColumnType } from '../columns/column.ts';

/** The tables a dataset may have. */
export type TableName = 'weekly' | 'articles' | 'markets' | 'sizes' | 'returns' | 'fulfillment' | 'clearance';

/** What a column of a table means. In memory the column is named after its role. */
export interface Role {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a dataset must have it. */
  readonly required: boolean;
  /** Whether single rows may lack a value. */
  readonly nullable: boolean;
  /** Values below are errors. */
  readonly minimum?: number;
  /** What values may lie below the minimum by, since they come out of a division: none where it is not given. */
  readonly slack?: number;
  /** Values at or below are errors. */
  readonly above?: number;
  /** Values at or above are errors. */
  readonly below?: number;
  /** Values above are errors. */
  readonly most?: number;
  readonly description: string;
}

/** One table of the vocabulary. */
export interface TableDefinition {
  readonly name: TableName;
  readonly description: string;
  readonly roles: readonly Role[];
  /** Roles whose combination occurs once. */
  readonly key: readonly string[];
  /**
   * The role whose week says when a row becomes known: rows with a later week than the cutoff do not exist as of it.
   * Null for tables that are known from the start.
   */
  readonly knownAt: string | null;
  /** Roles (besides the key) that are planned ahead, so that rows after the cutoff may be read for these alone. */
  readonly knownAhead: readonly string[];
}

/**
 * The name a role's column has in files unless a descriptor says otherwise.
 * @param role for example `blackPrice`
 * @returns for example `black_price`
 */
export function columnOnDisk(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
