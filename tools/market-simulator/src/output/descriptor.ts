const TABLES = {
  weekly: {
    path: 'weekly',
    columns: { demand: 'sales', sales: 'sales' },
    futureCovariates: ['campaign', 'delivery'],
    pastCovariates: ['page_views'],
  },
  articles: {
    path: 'articles.parquet',
    staticCovariates: ['color', 'material', 'price_tier', 'weight_kg'],
  },
  markets: {
    path: 'markets.parquet',
    staticCovariates: ['region', 'price_level', 'shipping_tariff', 'return_tariff'],
  },
  sizes: { path: 'sizes' },
  returns: { path: 'returns' },
  fulfillment: { path: 'fulfillment' },
  clearance: { path: 'clearance' },
};

/**
 * The `dataset.json` of the observed tables. Sales stand in for demand: that is all the shop sees.
 * @param name of the dataset
 * @param absent tables that have no row and so are left out
 * @returns the descriptor
 */
export function datasetDescriptor(name: string, absent: readonly string[]): object {
  const tables = Object.entries(TABLES).filter(([table]) => !absent.includes(table));
  return { name, tables: Object.fromEntries(tables) };
}
