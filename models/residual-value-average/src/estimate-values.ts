import { throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import { ArticleAttributes, HierarchicalAverages, type ShrunkAverages } from '@hemline/features';
import { RESIDUAL_HIERARCHY, withAge } from './age-buckets.ts';

const COLUMNS = ['article', 'market', 'week', 'units', 'value', 'blackPrice'] as const;

/**
 * Shares of black price that cleared units brought, by group, season, age, article and market. Reads the table clearance
 * once: a row's value / (units × black price) is one observation, weighted by its units; rows without units or without a
 * black price tell nothing and are passed over.
 * @param job signal and progress
 * @param tables `clearance`, and `articles` where there is one
 * @param bucketWeeks weeks since launch that count as one age
 * @returns the shares
 * @throws SchemaError when a table or column is missing
 * @throws DataError when nothing was cleared
 * @throws InterruptedError when the job must stop
 */
export async function estimateValues(
  job: TrainingJob,
  tables: Tables,
  bucketWeeks: number,
): Promise<ShrunkAverages> {
  throwIfAborted(job.signal);
  const roles = ['group', 'season', 'launchWeek'];
  const attributes = await ArticleAttributes.read(tables.find('articles'), roles, job.signal);
  const averages = new HierarchicalAverages(RESIDUAL_HIERARCHY, 'residual value');
  let done = 0;
  for await (const batch of tables.get('clearance').batches({ columns: COLUMNS, signal: job.signal })) {
    throwIfAborted(job.signal);
    const weeks = batch.weeks('week');
    const units = batch.floats('units');
    const value = batch.floats('value');
    const worth = batch.floats('blackPrice').map((price, row) => price * units[row]!);
    averages.add(
      withAge(attributes.join(batch.select(['article', 'market'])), (row) => weeks[row]!, bucketWeeks),
      value.map((brought, row) => brought / worth[row]!),
      units.map((amount, row) => (worth[row] === 0 ? 0 : amount)),
    );
    done += batch.length;
    job.onProgress?.({ phase: 'reading clearance', done, total: null, unit: 'rows' });
  }
  return averages.fit();
}
