import { createHash } from 'node:crypto';
import { Batch, columnOnDisk, type Schema } from '@hemline/core';
import {
  ARTICLES_SCHEMA,
  LEFT_OUT_SCHEMA,
  leftOutTable,
  LIMITS_SCHEMA,
  RECOMMENDATIONS_SCHEMA,
  type BadArticle,
  type PlanTotals,
  type Recommender,
} from '@hemline/pricing';
import { OutputCommit, type Manifest, type OutputPartition, type Provenance } from '@hemline/stores';

/**
 * Writes recommendations, articles and limits, each a file of the output, which is whole when its manifest is there.
 * @param output folder or URL
 * @param provenance of every file
 * @param recommender of the plans
 * @param leftOut articles that cannot be priced; the table of them is only there where there are some
 * @returns what was written, and what the plans come to
 */
export async function writeTables(
  output: string,
  provenance: Provenance,
  recommender: Recommender,
  leftOut: readonly BadArticle[] = [],
): Promise<{ readonly manifest: Manifest; readonly totals: PlanTotals }> {
  const commit = await OutputCommit.open(output, provenance);
  const partition = (name: string): OutputPartition => partitionOf(name, provenance);
  const articles: Batch[] = [];
  let totals: PlanTotals | undefined;
  async function* recommendations(): AsyncGenerator<Batch> {
    const rows = recommender.batches();
    let next = rows.next();
    for (; next.done !== true; next = rows.next()) {
      articles.push(onDisk(next.value.articles));
      yield onDisk(next.value.recommendations);
    }
    totals = next.value;
  }
  await commit.commitPartition(
    partition('recommendations'),
    recommendations(),
    diskSchema(RECOMMENDATIONS_SCHEMA),
  );
  await commit.commitPartition(partition('articles'), each(articles), diskSchema(ARTICLES_SCHEMA));
  const limits = recommender.limits();
  await commit.commitPartition(
    partition('limits'),
    each(limits === null ? [] : [onDisk(limits)]),
    diskSchema(LIMITS_SCHEMA),
  );
  if (leftOut.length > 0)
    await commit.commitPartition(
      partition('left-out'),
      each([onDisk(leftOutTable(leftOut))]),
      diskSchema(LEFT_OUT_SCHEMA),
    );
  return { manifest: await commit.finish(), totals: totals! };
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
