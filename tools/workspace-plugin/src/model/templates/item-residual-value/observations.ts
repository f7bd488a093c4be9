import {
  throwIfAborted,
  type TableInput,
  type TableName,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import type { Link } from '../learned/link.ts';
import { ItemBlocks } from '../learned-item/item-blocks.ts';

/** What is forecast. */
export const QUANTITY = 'residual-value';

/** The values of a forecast. */
export const TARGETS = [{ column: 'residualValue', description: 'worth of a unit / its black price' }];

/** Values are shares of the black price. */
export const LINK: Link = 'logit';

/** Clearance happens at the end of a season: half a year holds one. */
export const BLOCK_WEEKS = 13;

const COLUMNS = ['article', 'market', 'week', 'units', 'value', 'blackPrice'] as const;

/** Tables and columns that are read. */
export const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  clearance: { required: COLUMNS },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
};

/**
 * Shares of black price that cleared units brought. Rows without a black price tell nothing and are passed over.
 * @param job cutoff, signal, progress
 * @param tables `clearance`
 * @param shape of the blocks
 * @param shape.blockWeeks weeks of one
 * @param shape.blocks how many are told apart
 * @returns the sums
 * @throws SchemaError when the table or a column is missing
 */
export async function readBlocks(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  { blockWeeks, blocks: recent }: { readonly blockWeeks: number; readonly blocks: number },
): Promise<ItemBlocks> {
  const blocks = new ItemBlocks({ lastWeek: cutoff, blockWeeks, recent, targets: TARGETS.length });
  let done = 0;
  for await (const batch of tables.get('clearance').batches({ columns: COLUMNS, signal })) {
    throwIfAborted(signal);
    const prices = batch.floats('blackPrice');
    const brought = batch.floats('value');
    const units = batch.floats('units').map((amount, row) => (prices[row]! > 0 ? amount : 0));
    const shares = brought.map((value, row) => (units[row]! > 0 ? value / prices[row]! : 0));
    blocks.add(batch, batch.weeks('week'), 0, shares, units);
    done += batch.length;
    onProgress?.({ phase: 'reading clearance', done, total: null, unit: 'rows' });
  }
  return blocks;
}
