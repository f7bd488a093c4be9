import type { HemlineError, TableName } from '@hemline/core';

/** Kinds of problems that a descriptor can settle, and what it would have to say. */
export type Settlement =
  | { readonly setting: 'netSales'; readonly values: readonly ['missing', 'zero'] }
  | { readonly setting: 'pricesAbove'; readonly values: readonly ['undiscounted', 'raise-black-price'] }
  | { readonly setting: 'gifts'; readonly values: readonly ['missing'] }
  | { readonly setting: 'missingWeeks'; readonly values: readonly ['zero', 'unobserved'] };

/** One problem of the data. */
export interface ProblemReport {
  readonly table: TableName;
  /** As on disk; null: of rows as a whole. */
  readonly column: string | null;
  /** What is wrong, the same for all problems of the kind. */
  readonly kind: string;
  /** What a descriptor could say about it. */
  readonly settlement?: Settlement;
  /** Made only where it is thrown or shown. */
  readonly error: () => HemlineError;
  /** The same error with what takes another look at the data. */
  readonly explain?: () => Promise<HemlineError>;
}

/** Told of every problem. Where it throws, the check ends. */
export type OnProblem = (problem: ProblemReport) => void;

/**
 * Ends a check at its first problem.
 * @param problem the first one
 */
export function stopAtFirst({ error }: ProblemReport): never {
  throw error();
}

/**
 * A problem of a table's columns, or one that ended the reading of the table.
 * @param table it is of
 * @param error that says so
 * @returns the problem
 */
export function reportOf(table: TableName, error: HemlineError): ProblemReport {
  return { table, column: error.where.column ?? null, kind: error.problem, error: () => error };
}
