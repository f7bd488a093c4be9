import { DAYS_PER_WEEK, type KeyIndex } from '@hemline/core';
import { seriesHash } from '../panel/series-hash.ts';
import type { WeekEvidence } from './rate-posterior.ts';
import type { JoinedWeeks } from './joined-weeks.ts';

/** A week of a series that is kept. */
export interface SampledWeek extends WeekEvidence {
  /** Weeks since the week before that was known; 0 for the first. */
  readonly elapsed: number;
  readonly discount: number;
}

interface SampledSeries {
  readonly hash: number;
  latest: number;
  readonly weeks: SampledWeek[];
}

/**
 * Keeps the weeks of a bounded number of series: those whose names have the smallest hashes, so that the same series are
 * kept in whatever order and however many there are.
 */
export class SeriesSample {
  readonly #size: number;
  readonly #kept = new Map<number, SampledSeries>();
  /** Greatest hash kept once the sample is full. */
  #bound = Infinity;
  #hashed = 0;

  /** @param size most series */
  constructor(size: number) {
    this.#size = size;
  }

  /** The kept series, by hash. */
  get series(): readonly (readonly SampledWeek[])[] {
    return [...this.#kept.values()].sort((a, b) => a.hash - b.hash).map(({ weeks }) => weeks);
  }

  /**
   * Takes rows in.
   * @param rows the next ones
   */
  add(rows: JoinedWeeks): void {
    for (; this.#hashed < rows.index.size; this.#hashed++) this.#consider(this.#hashed, rows.index);
    const weeks = rows.batch.weeks('week');
    for (let row = 0; row < weeks.length; row++) {
      if (rows.known[row] === 0) continue;
      const series = this.#kept.get(rows.series[row]!);
      if (series === undefined) continue;
      const [start, end] = [rows.offsets[row]!, rows.offsets[row + 1]!];
      series.weeks.push({
        elapsed: series.weeks.length === 0 ? 0 : (weeks[row]! - series.latest) / DAYS_PER_WEEK,
        discount: rows.discount[row]!,
        sold: rows.sold[row]!,
        share: rows.share[row]!,
        censored: end - start,
        censoredShares: rows.censoredShares.slice(start, end),
        censoredSold: rows.censoredSold.slice(start, end),
      });
      series.latest = weeks[row]!;
    }
  }

  #consider(number: number, index: KeyIndex): void {
    const hash = seriesHash(index.text(number, 0) ?? '', index.text(number, 1) ?? '');
    if (hash >= this.#bound) return;
    this.#kept.set(number, { hash, latest: 0, weeks: [] });
    if (this.#kept.size > this.#size) {
      let [last, most] = [-1, -1];
      for (const [other, kept] of this.#kept) if (kept.hash > most) [last, most] = [other, kept.hash];
      this.#kept.delete(last);
      this.#bound = most;
    }
  }
}
