import { throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  ArticleAttributes,
  firstSale,
  HierarchicalAverages,
  readReturns,
  readSales,
  returnTimeHazard,
  type CohortReading,
  type ShrunkAverages,
} from '@hemline/features';
import { MaturedSales } from './matured-sales.ts';

/** Return times are pooled by market: they depend on the parcel service more than on the article. */
const MARKETS = [{ name: 'market', columns: ['market'] }];

/**
 * Return rates by article, group and market, in two passes over weekly and returns: the first learns per market how fast
 * returns arrive, the second counts each cohort as so many units as have had time to come back.
 * @param job cutoff, signal and progress
 * @param tables `weekly`, `returns`, and `articles` where there is one
 * @param maximumLag weeks within which returns arrive
 * @returns rates, of units whose returns are all in
 * @throws SchemaError when a table or column is missing
 * @throws DataError when the data does not tell how fast returns arrive, or is wrong
 * @throws InterruptedError when the job must stop
 */
export async function estimateRates(
  job: TrainingJob,
  tables: Tables,
  maximumLag: number,
): Promise<ShrunkAverages> {
  const { cutoff, signal, onProgress } = job;
  throwIfAborted(signal);
  const common = { cutoff, maximumLag, signal, onProgress };
  const times = await returnTimeHazard(tables, MARKETS, { ...common, keys: ['market'] });
  const attributes = await ArticleAttributes.read(tables.find('articles'), ['group'], signal);
  const reading: CohortReading = { ...common, keys: ['article', 'market'], attributes };
  const sums = new MaturedSales();
  let first = Infinity;
  for await (const rows of readSales(tables.get('weekly'), reading)) {
    sums.addSales(rows, times);
    first = Math.min(first, firstSale(rows));
  }
  for await (const rows of readReturns(tables.get('returns'), reading, first)) sums.addReturns(rows);
  const averages = new HierarchicalAverages(ARTICLE_HIERARCHY, 'return rate');
  sums.observe(averages);
  return averages.fit();
}
