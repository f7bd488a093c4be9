import { createHash } from 'node:crypto';
import { Batch, columnOnDisk, type Schema } from '@hemline/core';
import {
  openStore,
  OutputCommit,
  type Manifest,
  type OutputPartition,
  type Provenance,
} from '@hemline/stores';
import type { BadArticle } from '../inputs/bad-articles.ts';
import { LEFT_OUT_SCHEMA, leftOutTable } from '../recommendations/left-out-table.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import type { Recommender } from '../recommendations/recommend.ts';
import { ARTICLES_SCHEMA, LIMITS_SCHEMA, RECOMMENDATIONS_SCHEMA } from '../recommendations/schemas.ts';
import { claimPricing } from './claim-pricing.ts';
import type { PricingOrigin } from './pricing-origin.ts';
import { SUMMARY_FILE, type PricingSummary } from './pricing-summary.ts';

/** What is written beside the tables. */
export interface TablesToWrite {
  readonly provenance: Provenance;
  /** What the recommendations follow from. */
  readonly origin: PricingOrigin;
  readonly recommender: Recommender;
  /** Articles that cannot be priced: a table of them is there where there are some. */
  readonly leftOut: readonly BadArticle[];
  /** @returns what is told of the plans */
  summaryOf(totals: PlanTotals): PricingSummary;
}

/**
 * Writes recommendations, articles and limits, each a file of the output, which is whole when its manifest is there. What an earlier
 * start has committed stays as it is: the same inputs give the same files.
 * @param output folder or URL
 * @param parts provenance, inputs, plans
 * @returns what was written, and what the plans come to
 * @throws ConflictError when the output holds recommendations from other inputs
 * @throws ConfigurationError when it belongs to another run
 */
export async function writeTables(
  output: string,
  { provenance, origin, recommender, leftOut, summaryOf }: TablesToWrite,
): Promise<{ readonly manifest: Manifest; readonly summary: PricingSummary }> {
  await claimPricing(await openStore(output), origin);
  const commit = await OutputCommit.open(output, provenance);
  const write = async (name: string, batches: () => AsyncIterable<Batch>, schema: Schema): Promise<void> => {
    const partition = partitionOf(name, provenance);
    if ((await commit.committed(partition)) !== null) return;
    await commit.commitPartition(partition, batches(), diskSchema(schema));
  };
  const articles: Batch[] = [];
  let totals: PlanTotals | undefined;
  const recommendations = async function* (): AsyncGenerator<Batch> {
    const rows = recommender.batches();
    articles.length = 0;
    let next = rows.next();
    for (; next.done !== true; next = rows.next()) {
      articles.push(onDisk(next.value.articles));
      yield onDisk(next.value.recommendations);
    }
    totals = next.value;
  };
  await write('recommendations', recommendations, RECOMMENDATIONS_SCHEMA);
  // Committed by an earlier start: the rows are gone through all the same, for their sums.
  if (totals === undefined) for await (const _ of recommendations());
  await write('articles', () => each(articles), ARTICLES_SCHEMA);
  const limits = recommender.limits();
  await write('limits', () => each(limits === null ? [] : [onDisk(limits)]), LIMITS_SCHEMA);
  if (leftOut.length > 0)
    await write('left-out', () => each([onDisk(leftOutTable(leftOut))]), LEFT_OUT_SCHEMA);
  const summary = summaryOf(totals!);
  await commit.store.write(SUMMARY_FILE, `${JSON.stringify(summary, null, 2)}\n`);
  return { manifest: await commit.finish(), summary };
}

/**
 * What the plans come to, without a file.
 * @param recommender of the plans
 * @returns sums over the articles
 */
export function totalsOf(recommender: Recommender): PlanTotals {
  const rows = recommender.batches();
  for (;;) {
    const next = rows.next();
    if (next.done === true) return next.value;
  }
}

async function* each(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

/**
 * @param batch named as in memory
 * @returns the same, named as on disk
 */
export function onDisk(batch: Batch): Batch {
  return new Batch(new Map([...batch.columns].map(([name, column]) => [columnOnDisk(name), column])));
}

/**
 * @param schema named as in memory
 * @param schema.fields of it
 * @returns the same, named as on disk
 */
export function diskSchema({ fields }: Schema): Schema {
  return { fields: fields.map((field) => ({ ...field, name: columnOnDisk(field.name) })) };
}

/**
 * @param name of a table
 * @param provenance of its file
 * @returns the table as a partition of its output
 */
export function partitionOf(name: string, provenance: Provenance): OutputPartition {
  return { name, folder: '', stem: name, inputHash: hashOf(provenance, name) };
}

function hashOf(provenance: Provenance, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify([provenance, name]))
    .digest('hex');
}
