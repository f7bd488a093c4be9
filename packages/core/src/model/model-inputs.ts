import type { TableName } from '../tables/table-definition.ts';

/** Columns that a model reads of one table, by role. A table of which nothing is required may be missing altogether. */
export interface TableInput {
  readonly required: readonly string[];
  /** Read where the dataset has them. */
  readonly optional?: readonly string[];
  /** Also the columns that the dataset's owner declared as covariates, whatever they are called. */
  readonly covariates?: boolean;
}

/** Tables that a model reads. */
export interface ModelInputs {
  /** Without these the model cannot be trained. */
  readonly fit: Partial<Readonly<Record<TableName, TableInput>>>;
  /** Needed again for each partition that is forecast. The items come from `weekly` and `articles` in any case. */
  readonly predict: Partial<Readonly<Record<TableName, TableInput>>>;
}
