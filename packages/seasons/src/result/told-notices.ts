import type { SeasonRecord } from '../season/season-record.ts';

/** A notice, and in how many weeks it was told. */
export interface ToldNotice {
  /** As it was told first: of others that differ in their numbers alone. */
  readonly notice: string;
  readonly weeks: number;
}

/**
 * What was told in the weeks of some seasons. Notices that differ in their numbers alone are one.
 * @param seasons in their order
 * @returns notices in the order in which they came
 */
export function toldNotices(seasons: readonly Pick<SeasonRecord, 'weeks'>[]): ToldNotice[] {
  const told = new Map<string, ToldNotice>();
  for (const { weeks } of seasons)
    for (const { notices } of weeks)
      for (const notice of notices) {
        const kind = notice.replace(/\d+/g, '#');
        const before = told.get(kind);
        told.set(kind, { notice: before?.notice ?? notice, weeks: (before?.weeks ?? 0) + 1 });
      }
  return [...told.values()];
}
