import { createHash } from 'node:crypto';
import { Batch, columnOnDisk, type Schema } from '@hemline/core';
import type { Manifest, ManifestFile, OutputCommit, OutputPartition, Provenance } from '@hemline/stores';
import type { BadArticle } from '../inputs/bad-articles.ts';
import { LEFT_OUT_SCHEMA, leftOutTable } from '../recommendations/left-out-table.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import type { Recommender } from '../recommendations/recommend.ts';
import { ARTICLES_SCHEMA, LIMITS_SCHEMA, RECOMMENDATIONS_SCHEMA } from '../recommendations/schemas.ts';
import { SUMMARY_FILE, type PricingSummary } from './pricing-summary.ts';

/** What was written of the plans of some articles. */
export interface WrittenPlans {
  readonly files: readonly ManifestFile[];
  readonly totals: PlanTotals;
}

/**
 * Writes the plans of some articles: a file of recommendations and one of articles. What an earlier start has committed stays as it is.
 * @param commit of the output
 * @param provenance of the files
 * @param recommender of the plans
 * @param suffix of the names of the files, where there are several
 * @returns what was written, and what the plans come to
 */
export async function writePlans(
  commit: OutputCommit,
  provenance: Provenance,
  recommender: Recommender,
  suffix = '',
): Promise<WrittenPlans> {
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
  const write = tableWriter(commit, provenance);
  const first = await write(`recommendations${suffix}`, recommendations, RECOMMENDATIONS_SCHEMA);
  // Committed by an earlier start: the rows are gone through all the same, for their sums.
  if (totals === undefined) for await (const _ of recommendations());
  const second = await write(`articles${suffix}`, () => each(articles), ARTICLES_SCHEMA);
  return { files: [first, second], totals: totals! };
}

/**
 * Writes what is told of all plans together, and ends the output.
 * @param commit of the output, which knows the files of all plans
 * @param provenance of the files
 * @param told what is written
 * @param told.limits the table limits; null where the business has none
 * @param told.leftOut articles that could not be priced: a table of them is there where there are some
 * @param told.summary what the plans come to
 * @returns what was written in all
 */
export async function endTables(
  commit: OutputCommit,
  provenance: Provenance,
  told: {
    readonly limits: Batch | null;
    readonly leftOut: readonly BadArticle[];
    readonly summary: PricingSummary;
  },
): Promise<Manifest> {
  const { limits, leftOut, summary } = told;
  const write = tableWriter(commit, provenance);
  await write('limits', () => each(limits === null ? [] : [onDisk(limits)]), LIMITS_SCHEMA);
  if (leftOut.length > 0)
    await write('left-out', () => each([onDisk(leftOutTable(leftOut))]), LEFT_OUT_SCHEMA);
  await commit.store.write(SUMMARY_FILE, `${JSON.stringify(summary, null, 2)}\n`);
  return commit.finish();
}

function tableWriter(commit: OutputCommit, provenance: Provenance) {
  return async (name: string, batches: () => AsyncIterable<Batch>, schema: Schema): Promise<ManifestFile> => {
    const partition = partitionOf(name, provenance);
    const found = await commit.committed(partition);
    if (found !== null) return found;
    return (await commit.commitPartition(partition, batches(), diskSchema(schema))).file;
  };
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
