import type { DatasetColumns } from './dataset-columns.ts';
import { PRICE_COLUMNS } from './store-builder.ts';

/**
 * Columns of the weekly table that are read.
 * @param there names of those it has
 * @param columns of the dataset
 * @returns their names
 */
export function weeklyColumns(there: readonly string[], columns: DatasetColumns): string[] {
  const optional = [...PRICE_COLUMNS, 'imputed'].filter((name) => there.includes(name));
  return [...new Set(['demand', ...optional, ...columns.planned.inputs.future, ...columns.past])];
}

/**
 * @param columns of the dataset
 * @returns attributes of series that are joined
 */
export function attributesOf(columns: DatasetColumns): string[] {
  const all = ['group', ...columns.categories, ...columns.numbers, ...columns.planned.inputs.attributes];
  return [...new Set(all)].filter((name) => name !== 'article' && name !== 'market');
}
