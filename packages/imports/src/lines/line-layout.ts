import type { ImportMap } from '../map/import-map.ts';

/** Columns that lines have besides `kind`, `article`, `market`, `at` and `units`, since something later needs them. */
export interface LineLayout {
  /** Names of optional columns with numbers in millionths, and their SQL types. */
  readonly columns: ReadonlyMap<string, string>;
  /** Whether days without a sale are observations. */
  readonly isDaily: boolean;
  /** Whether a line tells its undiscounted price. */
  readonly hasList: boolean;
  /** Covariates by the name of their column of lines. */
  readonly covariates: ReadonlyMap<string, string>;
  /** Attributes of articles and markets by the name of their column of lines. */
  readonly attributes: readonly LineAttribute[];
}

/** An attribute that lines tell. */
export interface LineAttribute {
  readonly table: 'articles' | 'markets';
  readonly name: string;
  readonly column: string;
}

/**
 * @param map of the import
 * @returns the columns of its lines
 */
export function lineLayout(map: ImportMap): LineLayout {
  const { sales, returns } = map;
  const isDaily = sales.kind === 'daily';
  const hasList = sales.columns.listPrice !== undefined || sales.columns.discountAmount !== undefined;
  const covariates = new Map(Object.keys(sales.covariates).map((name, i) => [name, `covariate${i}`]));
  const attributes = (['articles', 'markets'] as const).flatMap((table) =>
    map[table] === undefined || map[table].files !== undefined
      ? []
      : Object.keys(map[table].columns).map((name, i) => ({ table, name, column: `${table}${i}` })),
  );
  const columns = new Map<string, string>([['revenue', 'BIGINT']]);
  if (hasList) columns.set('list', 'BIGINT');
  if (isDaily) columns.set('shelf', 'BIGINT');
  if (isDaily && hasList) columns.set('shelf_list', 'BIGINT');
  if (returns !== undefined) columns.set('party', 'VARCHAR');
  if (sales.columns.stock !== undefined) columns.set('stock', 'DOUBLE');
  for (const column of covariates.values()) columns.set(column, 'DOUBLE');
  for (const { column } of attributes) columns.set(column, 'VARCHAR');
  return { columns, isDaily, hasList, covariates, attributes };
}
