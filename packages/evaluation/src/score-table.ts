import { KeyIndex, type Batch } from '@hemline/core';
import type { Metrics } from './metrics/error-sums.ts';
import type { Score } from './metrics/scores.ts';
import type { SegmentRow } from './segments/segment-row.ts';

/** How good forecasts are, in all and in parts. */
export interface ScoreTable {
  /** Forecasts that were compared. */
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** By weeks after the cutoff, for quantities with a week in their key; empty for others. */
  readonly byWeekAhead: readonly { weekAhead: number; rows: number; metrics: Record<string, number> }[];
  /** By the values of one attribute of the items, in the order of first appearance; empty unless one was asked for. */
  readonly bySegment: readonly {
    segment: string;
    value: string;
    rows: number;
    metrics: Record<string, number>;
  }[];
  /** By every dimension at once; empty unless it was asked for. */
  readonly segments: readonly SegmentRow[];
}

/** What a segment is called where the attribute is missing. */
export const UNKNOWN_SEGMENT = '(unknown)';

/** Collects scores in all, by week ahead and by segment. Memory grows with weeks and segments, not with rows. */
export class ScoreSheet<S extends Score> {
  readonly #create: () => S;
  readonly #segment: string | undefined;
  readonly #segmentIndex: KeyIndex | null;
  readonly #all: S;
  readonly #weeks = new Map<number, S>();
  readonly #segments: S[] = [];

  /**
   * @param create makes an empty score
   * @param segment the string attribute of the items to split by
   */
  constructor(create: () => S, segment?: string) {
    this.#create = create;
    this.#segment = segment;
    this.#segmentIndex = segment === undefined ? null : new KeyIndex([segment]);
    this.#all = create();
  }

  /** Rows scored in all. */
  get rows(): number {
    return this.#all.rows;
  }

  /**
   * Numbers the segments of items.
   * @param items with the attribute
   * @returns the segment of each, null when there is nothing to split by
   * @throws SchemaError when the items have no such attribute or it holds no strings
   */
  segmentsOf(items: Batch): Int32Array | null {
    return this.#segmentIndex === null ? null : this.#segmentIndex.add(items);
  }

  /**
   * The scores that a row counts for.
   * @param segment its number, −1 when there is none
   * @param weekAhead 1 for the week after the cutoff; 0 when there is none
   * @param add adds the row to a score
   */
  add(segment: number, weekAhead: number, add: (score: S) => void): void {
    add(this.#all);
    if (weekAhead > 0) {
      let score = this.#weeks.get(weekAhead);
      if (score === undefined) this.#weeks.set(weekAhead, (score = this.#create()));
      add(score);
    }
    if (segment >= 0) add((this.#segments[segment] ??= this.#create()));
  }

  /**
   * @param segments by every dimension
   * @returns all scores as plain numbers
   */
  table(segments: readonly SegmentRow[] = []): ScoreTable {
    const part = (score: S): { rows: number; metrics: Metrics } => ({
      rows: score.rows,
      metrics: score.metrics(),
    });
    const bySegment: ScoreTable['bySegment'][number][] = [];
    this.#segments.forEach((score, number) => {
      const value = this.#segmentIndex!.text(number, 0) ?? UNKNOWN_SEGMENT;
      bySegment.push({ segment: this.#segment!, value, ...part(score) });
    });
    return {
      ...part(this.#all),
      byWeekAhead: [...this.#weeks]
        .sort(([a], [b]) => a - b)
        .map(([weekAhead, score]) => ({ weekAhead, ...part(score) })),
      bySegment,
      segments,
    };
  }
}
