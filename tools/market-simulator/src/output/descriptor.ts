import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../world.ts';
import type { TableSummaries } from './market-writers.ts';

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
 * Writes the `dataset.json` of the observed tables. A table that stayed empty, as clearance in a short history may, is not part of a
 * dataset and is removed.
 * @param observed folder of the dataset
 * @param tables what was written, by path; those of the dataset begin with `observed/`
 * @param world with a tax, with a shared stock, or without
 */
export async function writeDescriptor(
  observed: string,
  tables: TableSummaries,
  world: Pick<World, 'vat' | 'pool'>,
): Promise<void> {
  const absent = Object.keys(tables)
    .filter((table) => table.startsWith('observed/') && tables[table]!.rows === 0)
    .map((table) => table.slice('observed/'.length));
  for (const table of absent) await rm(join(observed, table), { recursive: true });
  await writeFile(
    join(observed, 'dataset.json'),
    `${JSON.stringify(datasetDescriptor('simulated-market', absent, world), null, 2)}\n`,
  );
}

/** Sales stand in for demand: that is all the shop sees. */
function datasetDescriptor(
  name: string,
  absent: readonly string[],
  { vat, pool }: Pick<World, 'vat' | 'pool'>,
): object {
  const terms = [...(vat ? ['vat'] : []), ...(pool ? ['pool'] : [])];
  const { markets } = TABLES;
  const named = {
    ...TABLES,
    markets: { ...markets, staticCovariates: [...markets.staticCovariates, ...terms] },
  };
  const tables = Object.entries(named).filter(([table]) => !absent.includes(table));
  return { name, tables: Object.fromEntries(tables) };
}
