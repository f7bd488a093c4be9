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
export const QUANTITY = 'fulfillment-cost';

/** The values of a forecast. */
export const TARGETS = [
  { column: 'shippingCost', description: 'cost of shipping one unit' },
  { column: 'returnCost', description: 'cost of returning one unit' },
];

/** Costs are learnt as they are: their mean is what counts, not that of their logs. */
export const LINK: Link = 'identity';

/** Weeks that are forecast as one. */
export const BLOCK_WEEKS = 8;

const COLUMNS = [
  'article',
  'market',
  'week',
  'shippedUnits',
  'shippingCost',
  'returnedUnits',
  'returnCost',
] as const;

/** Tables and columns that are read. */
export const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  fulfillment: { required: COLUMNS },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
};

/**
 * Costs and units, shipped and returned. Costs of weeks without units belong to no unit and are passed over.
 * @param job cutoff, signal, progress
 * @param tables `fulfillment`
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
  for await (const batch of tables.get('fulfillment').batches({ columns: COLUMNS, signal })) {
    throwIfAborted(signal);
    const weeks = batch.weeks('week');
    const sides = [
      ['shippingCost', 'shippedUnits'],
      ['returnCost', 'returnedUnits'],
    ] as const;
    sides.forEach(([cost, count], target) => {
      const units = batch.floats(count);
      const amounts = batch.floats(cost).map((amount, row) => (units[row]! > 0 ? amount : 0));
      blocks.add(batch, weeks, target, amounts, units);
    });
    done += batch.length;
    onProgress?.({ phase: 'reading fulfillment', done, total: null, unit: 'rows' });
  }
  return blocks;
}
