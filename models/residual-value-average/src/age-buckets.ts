import {
  DAYS_PER_WEEK,
  isValid,
  type Batch,
  type DateColumn,
  type StringColumn,
  type Week,
} from '@hemline/core';

/** The hierarchy of residual values: what is cleared brings what its like did, at the same age. */
export const RESIDUAL_HIERARCHY = [
  { name: 'group', columns: ['group'] },
  { name: 'season', columns: ['group', 'season'] },
  { name: 'age', columns: ['group', 'season', 'age'] },
  { name: 'article', columns: ['article', 'group', 'season', 'age'] },
  { name: 'item', columns: ['article', 'group', 'season', 'age', 'market'] },
] as const;

/**
 * Adds the age of each row as a column `age`: weeks since launch, in buckets named by their first week (`0`, `13`, …).
 * Missing where the launch is unknown, which is a category of its own.
 * @param batch with `launchWeek`
 * @param weekOf the week at which a row's age counts
 * @param bucketWeeks weeks of one bucket
 * @returns the wider batch
 */
export function withAge(batch: Batch, weekOf: (row: number) => Week, bucketWeeks: number): Batch {
  const launch = batch.column('launchWeek') as DateColumn;
  const values = new Int32Array(batch.length);
  const validity = new Uint8Array((batch.length + 7) >> 3);
  const dictionary: string[] = [];
  const codes = new Map<number, number>();
  for (let row = 0; row < batch.length; row++) {
    if (!isValid(launch, row)) continue;
    const weeks = Math.max(0, (weekOf(row) - launch.values[row]!) / DAYS_PER_WEEK);
    const bucket = Math.floor(weeks / bucketWeeks);
    let code = codes.get(bucket);
    if (code === undefined) {
      code = dictionary.length;
      codes.set(bucket, code);
      dictionary.push(String(bucket * bucketWeeks));
    }
    values[row] = code;
    validity[row >> 3]! |= 1 << (row & 7);
  }
  const age: StringColumn = { type: 'string', length: batch.length, values, dictionary, validity };
  return batch.with({ age });
}

/**
 * Adds the age that items will have when they are cleared: at the end of their season, or at the cutoff where that is
 * unknown.
 * @param items with `launchWeek` and `seasonEndWeek`
 * @param cutoff the last known week
 * @param bucketWeeks weeks of one bucket
 * @returns the wider batch
 */
export function withClearanceAge(items: Batch, cutoff: Week, bucketWeeks: number): Batch {
  const seasonEnd = items.column('seasonEndWeek') as DateColumn;
  const weekOf = (row: number): Week => (isValid(seasonEnd, row) ? seasonEnd.values[row]! : cutoff);
  return withAge(items, weekOf, bucketWeeks);
}
