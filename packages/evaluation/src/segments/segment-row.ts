/** One metric of one part of the rows: a line of a tidy table. */
export interface SegmentRow {
  /** What the rows are parted by: `weekAhead`, `market`, `group`, `discount`, … */
  readonly dimension: string;
  /** The part. */
  readonly value: string;
  /** Where the part stands among those of its dimension, 0 first. */
  readonly position: number;
  readonly metric: string;
  /** Null where it could not be computed. */
  readonly result: number | null;
  /** Forecasts that were compared. */
  readonly rows: number;
}
