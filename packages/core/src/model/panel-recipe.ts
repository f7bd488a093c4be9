import type { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import type { Table } from '../tables/tables.ts';
import type { TableName } from '../tables/table-definition.ts';
import type { Week } from '../weeks/week.ts';
import type { TableInput } from './model-inputs.ts';

/** What is known of a dataset before any of it is read. */
export interface PanelData {
  /** Columns of the weekly table. */
  readonly weekly: Schema;
  /** Names of those that are known ahead. */
  readonly knownAhead: readonly string[];
  /** Names of the attributes of articles and markets. */
  readonly attributes: readonly string[];
  /** Columns that the partitions are made by, such as `market`; null where all data is one partition. */
  readonly partitionedBy: readonly string[] | null;
}

/** One partition of which a panel is made. */
export interface PanelRequest {
  /** The last known week. */
  readonly cutoff: Week;
  /** The rows up to the cutoff. */
  readonly weekly: Table;
  /** What is planned for the weeks after it, in the columns that are known ahead. */
  readonly plan: Batch | null;
  readonly articles?: Table;
  readonly markets?: Table;
  readonly signal?: AbortSignal;
}

/** How the features of a dataset are made: the runtime writes them as Parquet without knowing what they are. */
export interface PanelRecipe {
  /** The features as plain JSON; written beside the panel. */
  readonly definition: unknown;
  /** Columns of the weekly table that are read. */
  readonly inputs: Partial<Readonly<Record<TableName, TableInput>>>;
  /** Columns of the panel, in order. */
  readonly schema: Schema;
  /** The panel of one partition: whole series, weeks rising, in batches. */
  panels(request: PanelRequest): AsyncIterable<Batch>;
}

/**
 * Makes the recipe for a dataset.
 * @param data what the dataset has
 * @param definition of the features as JSON; null: those that the maker stands for
 * @returns the recipe
 * @throws SchemaError when the dataset lacks what the features read
 */
export type PanelRecipeMaker = (data: PanelData, definition: unknown) => PanelRecipe;
