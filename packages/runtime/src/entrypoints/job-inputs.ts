import {
  SchemaError,
  Tables,
  listing,
  type AnyModel,
  type ModelInputs,
  type ProgressEvent,
  type TableName,
} from '@hemline/core';
import type { Dataset } from '../datasets/dataset.ts';
import type { DatasetSummary } from '../datasets/validate-dataset.ts';

/**
 * Checks that a dataset has the tables and columns that a model reads.
 * @param model any model
 * @param inputs its inputs of `fit` or `predict`
 * @param tables that there are
 * @throws SchemaError that names all that is missing
 */
export function checkInputs(model: AnyModel, inputs: ModelInputs['fit'], tables: Tables): void {
  const missing: string[] = [];
  for (const [name, input] of Object.entries(inputs) as [
    TableName,
    NonNullable<ModelInputs['fit'][TableName]>,
  ][]) {
    const table = tables.find(name);
    if (table === undefined) {
      if (input.required.length > 0) missing.push(`table ${name}`);
      continue;
    }
    const columns = table.schema.fields.map((field) => field.name);
    for (const column of input.required)
      if (!columns.includes(column)) missing.push(`column ${column} of table ${name}`);
  }
  if (missing.length === 0) return;
  throw new SchemaError(`${model.name} needs data that is not there`, {
    expected: listing(missing, 20),
    found: `tables ${tables.names.join(', ')}`,
    remedy: 'Add it to the dataset, or map its columns to roles in dataset.json.',
  });
}

/**
 * Validates the tables that a job reads; `HEMLINE_VALIDATE=never` says that this has been done.
 * @param dataset to check
 * @param names of the tables that the job reads
 * @param options environment, whether files are dealt out, signal, progress
 * @returns what the check found out; null when it had been done
 * @throws SchemaError or DataError for the first problem
 */
export async function validateInputs(
  dataset: Dataset,
  names: readonly TableName[],
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly wholeFiles?: boolean;
    readonly signal: AbortSignal;
    readonly onProgress: (event: ProgressEvent) => void;
  },
): Promise<DatasetSummary | null> {
  if (options.environment['HEMLINE_VALIDATE'] === 'never') return null;
  const tables = names.filter((name) => dataset.tables.find(name) !== undefined);
  const { wholeFiles, signal, onProgress } = options;
  return dataset.validate({ tables, wholeFiles, signal, onProgress });
}

/**
 * Only the tables that a model declares.
 * @param inputs of `fit` or `predict`
 * @param tables all
 * @returns those declared
 */
export function declaredTables(inputs: ModelInputs['fit'], tables: Tables): Tables {
  return new Tables((Object.keys(inputs) as TableName[]).flatMap((name) => tables.find(name) ?? []));
}
