import {
  addWeeks,
  boundBatches,
  memoryTable,
  schemaOf,
  Tables,
  type Batch,
  type Schema,
  type Table,
  type TableName,
  type Week,
} from '@hemline/core';
import { BatchBuilder } from '../batch-builder.ts';
import { drawWorld, type SyntheticOptions, type SyntheticWorld } from './market.ts';
import { followUp } from './outcomes.ts';
import { splitSizes } from './sizes.ts';
import { SYNTHETIC_WEEKLY_SCHEMA, sellWeekly } from './weekly.ts';

/** The seven tables, and when they begin and end. */
export class SyntheticTables extends Tables {
  readonly firstWeek: Week;
  /** The last week with demand; weekly rows after it are the plan. */
  readonly lastWeek: Week;
  /** The last planned week. */
  readonly lastPlannedWeek: Week;

  /**
   * @param tables the seven
   * @param world what they were drawn from
   */
  constructor(tables: readonly Table[], world: SyntheticWorld) {
    super(tables);
    this.firstWeek = world.firstWeek;
    this.lastWeek = world.lastWeek;
    this.lastPlannedWeek = addWeeks(world.lastWeek, world.planWeeks);
  }
}

/**
 * A small market with everything that makes real data hard: stock-outs (`uncensored` false), missing weeks, short,
 * ended, all-zero, single-row and cold-start series, missing values, articles without attributes and of a group that
 * was never sold. Demand rises with the discount; returns take up to 14 weeks. Same options, same tables.
 * @param options size and seed
 * @returns all seven tables, in several batches each where they grow with the data
 */
export function syntheticTables(options: SyntheticOptions = {}): SyntheticTables {
  const world = drawWorld(options);
  const { rows, series } = sellWeekly(world);
  const { returns, fulfillment, clearance } = followUp(world, series);
  return new SyntheticTables(
    [
      cut('weekly', rows, world.batchRows, SYNTHETIC_WEEKLY_SCHEMA),
      cut('articles', articlesOf(world), world.batchRows),
      cut('markets', marketsOf(world), world.batchRows),
      cut('sizes', splitSizes(world, series), world.batchRows),
      cut('returns', returns, world.batchRows),
      cut('fulfillment', fulfillment, world.batchRows),
      // Clearance has few rows: cut finer, so that it too comes in several batches.
      cut('clearance', clearance, Math.max(1, Math.ceil(clearance.length / 3))),
    ],
    world,
  );
}

/**
 * A table in memory, in batches of some rows.
 * @param name of the table
 * @param rows all of it
 * @param batchRows rows of a batch
 * @param schema when it says more than the batch does
 * @returns the table
 */
export function cut(name: TableName, rows: Batch, batchRows: number, schema: Schema = rows.schema): Table {
  const whole = memoryTable(name, [rows], schema);
  return { name, schema, batches: (options) => boundBatches(whole.batches(options), batchRows) };
}

function articlesOf(world: SyntheticWorld): Batch {
  const builder = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'group', type: 'string', nullable: true },
      { name: 'brand', type: 'string', nullable: true },
      { name: 'season', type: 'string', nullable: true },
      { name: 'launchWeek', type: 'date', nullable: true },
      { name: 'seasonEndWeek', type: 'date', nullable: true },
    ),
  );
  for (const { name, group, brand, season, launchWeek, seasonEndWeek } of world.articles)
    builder.add(name, group, brand, season, launchWeek, seasonEndWeek);
  return builder.build();
}

function marketsOf(world: SyntheticWorld): Batch {
  const builder = new BatchBuilder(
    schemaOf({ name: 'market', type: 'string' }, { name: 'income', type: 'float64' }),
  );
  for (const { name, income } of world.markets) builder.add(name, income);
  return builder.build();
}
