import {
  addWeeks,
  RETURN_MATURITY_WEEKS,
  type TableInput,
  type TableName,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import { firstSale, readReturns, readSales } from '@hemline/features';
import type { Link } from '../learned/link.ts';
import { ItemBlocks } from '../learned-item/item-blocks.ts';

/** What is forecast. */
export const QUANTITY = 'return-rate';

/** The values of a forecast. */
export const TARGETS = [{ column: 'returnRate', description: 'share of the units sold that comes back' }];

/** Rates are shares. */
export const LINK: Link = 'logit';

/** Weeks that are forecast as one. */
export const BLOCK_WEEKS = 8;

/** Tables and columns that are read. */
export const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  weekly: { required: ['article', 'market', 'week'], optional: ['sales', 'demand'] },
  returns: { required: ['article', 'market', 'saleWeek', 'returnWeek', 'units'] },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
};

/**
 * Units sold and returned by cohort. Only cohorts whose returns are all in: younger ones look better than they are.
 * @param job cutoff, signal, progress
 * @param tables `weekly` and `returns`
 * @param shape of the blocks
 * @param shape.blockWeeks weeks of one
 * @param shape.blocks how many are told apart
 * @returns the sums
 * @throws SchemaError when a table or column is missing
 * @throws DataError for a return before its sale, or later than returns may take
 */
export async function readBlocks(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  { blockWeeks, blocks: recent }: { readonly blockWeeks: number; readonly blocks: number },
): Promise<ItemBlocks> {
  const lastWeek = addWeeks(cutoff, -RETURN_MATURITY_WEEKS);
  const blocks = new ItemBlocks({ lastWeek, blockWeeks, recent, targets: TARGETS.length });
  const keys = ['article', 'market'];
  const reading = { cutoff, maximumLag: RETURN_MATURITY_WEEKS, keys, signal, onProgress };
  let first = Infinity;
  for await (const { keys: items, saleWeek, units, ...rest } of readSales(tables.get('weekly'), reading)) {
    blocks.add(items, saleWeek, 0, null, units);
    first = Math.min(first, firstSale({ keys: items, saleWeek, units, ...rest }));
  }
  for await (const { keys: items, saleWeek, units } of readReturns(tables.get('returns'), reading, first))
    blocks.add(items, saleWeek, 0, units, null);
  return blocks;
}
