import { z } from 'zod';
import { Batch, DataError, type Week } from '@hemline/core';
import { openParquetFile, writeParquetFile, type Store } from '@hemline/stores';
import { parseDocument } from '../documents/read-document.ts';
import { DECISIONS_ON_DISK, DECISIONS_SCHEMA, type SegmentFacts } from './decision-event.ts';

/** Key of what a segment says of its rows, in its footer. */
const FACTS_KEY = 'hemline.decisions';

const SEGMENT = /^segments\/(\d{9})\.parquet$/;

const factsSchema = z.object({
  schema: z.literal(1),
  kind: z.enum(['proposals', 'decisions', 'outcomes']),
  at: z.string(),
  source: z.string(),
  digest: z.string(),
  lineage: z
    .object({
      run: z.string(),
      forecasts: z.string(),
      models: z.array(z.object({ model: z.string(), version: z.number().nullable() })),
      dataset: z.object({ name: z.string(), fingerprint: z.string() }),
    })
    .nullable(),
});

/** Weeks, both included. */
export interface WeekRange {
  readonly from: Week;
  readonly to: Week;
}

/**
 * @param number of a segment, from 1
 * @returns its key in the store
 */
export function segmentKey(number: number): string {
  return `segments/${String(number).padStart(9, '0')}.parquet`;
}

/**
 * The segments of a store.
 * @param store of decisions
 * @returns how many there are
 * @throws DataError when one is missing: what it told is lost
 */
export async function countSegments(store: Store): Promise<number> {
  let count = 0;
  for await (const { key } of store.list('segments')) {
    const number = SEGMENT.exec(key)?.[1];
    if (number === undefined) continue;
    if (Number(number) !== ++count)
      throw new DataError('a segment of the decisions is missing', {
        expected: segmentKey(count),
        found: `${key} after ${count - 1} others`,
        where: { file: store.url },
        remedy: 'Restore it from a copy: what stands in it was decided, and nothing here removes a segment.',
      });
  }
  return count;
}

/**
 * Reads what a segment says of its rows.
 * @param store of decisions
 * @param number of the segment
 * @returns its facts
 * @throws DataError when it is damaged
 */
export async function readFacts(store: Store, number: number): Promise<SegmentFacts> {
  const file = store.urlOf(segmentKey(number));
  const { metadata } = await openParquetFile(file);
  return parseDocument(metadata[FACTS_KEY] ?? '{}', file, factsSchema, 1);
}

/**
 * Reads the rows of a segment.
 * @param store of decisions
 * @param number of the segment
 * @param weeks of the rows that are wanted; all by default
 * @yields batches, columns named as in memory
 */
export async function* readSegment(store: Store, number: number, weeks?: WeekRange): AsyncGenerator<Batch> {
  const file = await openParquetFile(store.urlOf(segmentKey(number)));
  const columns = DECISIONS_ON_DISK.fields.map(({ name }) => name);
  const where = weeks === undefined ? [] : [{ column: 'week', ...weeks }];
  for await (const batch of file.batches({ columns, where })) yield renamed(batch, 'memory');
}

/**
 * Writes a segment: whole, durable, and under its number at one instant, or not at all.
 * @param store of decisions
 * @param number that it is to have
 * @param rows of `DECISIONS_SCHEMA`
 * @param facts about them
 * @returns when it is there
 * @throws ConflictError when another writer has taken the number
 */
export async function writeSegment(
  store: Store,
  number: number,
  rows: Batch,
  facts: SegmentFacts,
): Promise<void> {
  await writeParquetFile(
    store.urlOf(segmentKey(number)),
    [renamed(rows, 'disk')],
    { schema: DECISIONS_ON_DISK, metadata: { [FACTS_KEY]: JSON.stringify(facts) } },
    { ifAbsent: true },
  );
}

/** Names in memory and on disk are in the same order. */
function renamed(batch: Batch, to: 'memory' | 'disk'): Batch {
  const [from, into] =
    to === 'disk' ? [DECISIONS_SCHEMA, DECISIONS_ON_DISK] : [DECISIONS_ON_DISK, DECISIONS_SCHEMA];
  return new Batch(
    new Map(into.fields.map(({ name }, i) => [name, batch.column(from.fields[i]!.name)])),
    batch.length,
  );
}
