import {
  isValid,
  throwIfAborted,
  weeksBetween,
  type Batch,
  type BoolColumn,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  ArticleAttributes,
  HierarchicalAverages,
  type ShrunkAverages,
} from '@hemline/features';
import { DiscountLifting, type DiscountLift } from './discount-lift.ts';

/** Demand of an ordinary week at the lowest discount, and what a discount makes of it. */
export interface EstimatedDemand {
  readonly levels: ShrunkAverages;
  readonly lift: DiscountLift;
}

/**
 * Reads the weekly table twice: first for the lift of discounts, then for the level of each series, a week's demand / lift being
 * one observation. Weeks that are censored (`uncensored` false), or lack demand or discount, are passed over.
 * @param job cutoff, signal, progress
 * @param tables `weekly`, and `articles` where there is one
 * @param halfLifeWeeks weeks after which a week counts half as much
 * @returns levels and lift
 * @throws SchemaError when a table or column is missing
 * @throws DataError when there is no week with demand and a discount
 * @throws InterruptedError when the signal is raised
 */
export async function estimateDemand(
  job: TrainingJob,
  tables: Tables,
  halfLifeWeeks: number,
): Promise<EstimatedDemand> {
  throwIfAborted(job.signal);
  const attributes = await ArticleAttributes.read(tables.find('articles'), ['group'], job.signal);
  const lifting = new DiscountLifting();
  for await (const rows of readWeeks(job, tables)) lifting.add(rows.keys, rows.demand, rows.discounts);
  const lift = lifting.fit();
  const averages = new HierarchicalAverages(ARTICLE_HIERARCHY, 'demand');
  for await (const { keys, weeks, demand, discounts } of readWeeks(job, tables)) {
    const factors = discounts.map((discount) => lift.at(discount));
    const isKnown = (row: number): boolean => !Number.isNaN(demand[row]!) && !Number.isNaN(discounts[row]!);
    averages.add(
      attributes.join(keys),
      demand.map((units, row) => (isKnown(row) ? units / factors[row]! : 0)),
      // The variance of a count over its lift falls with the lift.
      factors.map((factor, row) =>
        isKnown(row) ? factor * 0.5 ** (weeksBetween(weeks[row]!, job.cutoff) / halfLifeWeeks) : 0,
      ),
    );
  }
  return { levels: averages.fit(), lift };
}

interface WeekRows {
  readonly keys: Batch;
  readonly weeks: Int32Array;
  /** NaN where it is not known. */
  readonly demand: Float64Array;
  readonly discounts: Float64Array;
}

async function* readWeeks({ signal, onProgress }: TrainingJob, tables: Tables): AsyncGenerator<WeekRows> {
  const weekly = tables.get('weekly');
  const isMarked = weekly.schema.fields.some(({ name }) => name === 'uncensored');
  const columns = ['article', 'market', 'week', 'demand', 'discount', ...(isMarked ? ['uncensored'] : [])];
  let done = 0;
  for await (const batch of weekly.batches({ columns, signal })) {
    throwIfAborted(signal);
    const marks = isMarked ? (batch.column('uncensored') as BoolColumn) : null;
    const isCensored = (row: number): boolean =>
      marks !== null && isValid(marks, row) && marks.values[row] === 0;
    yield {
      keys: batch.select(['article', 'market']),
      weeks: batch.weeks('week'),
      demand: batch.floats('demand').map((units, row) => (isCensored(row) ? NaN : units)),
      discounts: batch.floats('discount'),
    };
    done += batch.length;
    onProgress?.({ phase: 'reading weekly', done, total: null, unit: 'rows' });
  }
}
