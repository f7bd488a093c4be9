import {
  DAYS_PER_WEEK,
  isValid,
  type Batch,
  type DateColumn,
  type QuantityName,
  type Week,
} from '@hemline/core';
import type { SegmentScore } from '../metrics/scores.ts';
import type { SegmentRow } from './segment-row.ts';
import { SegmentScores, type AttributeDimension, type Dimension } from './segment-scores.ts';

/** Width of a class of forecasts, by which calibration is told. */
const CLASS_WIDTH = 0.05;
/** Weeks since launch that count as one age. */
const AGE_WEEKS = 13;
const UNKNOWN_AGE = -1;

/** One forecast of an item. */
export interface ItemForecast<S> {
  readonly item: number;
  readonly lag: number;
  readonly forecast: number;
  /** Adds it to a score. */
  readonly add: (score: S) => void;
}

/**
 * Scores of a quantity without weeks by market and group; of shares also by what was forecast, which tells whether they are
 * calibrated; of return times by lag; of residual values by the age that the item has at the end of its season.
 */
export class ItemSegments<S extends SegmentScore> {
  readonly #scores: SegmentScores<S>;
  readonly #attributes: readonly { parts: Int32Array; dimension: AttributeDimension<S> }[];
  readonly #classes: Dimension<S> | null;
  readonly #lags: Dimension<S> | null;
  readonly #ages: { parts: Int32Array; dimension: Dimension<S> } | null;

  /**
   * @param quantity that is scored
   * @param create makes an empty score
   * @param items that are forecast
   * @param cutoff the age counts as of it where the end of the season is unknown
   */
  constructor(quantity: QuantityName, create: () => S, items: Batch, cutoff: Week) {
    const scores = new SegmentScores(create);
    this.#scores = scores;
    this.#attributes = ['market', 'group'].map((name) => {
      const dimension = scores.attribute(name);
      return { parts: dimension.partsOf(items), dimension };
    });
    this.#classes = quantity === 'return-rate' ? scores.dimension('forecast', classLabel) : null;
    this.#lags = quantity === 'return-time' ? scores.dimension('lag') : null;
    this.#ages =
      quantity === 'residual-value'
        ? { parts: agesOf(items, cutoff), dimension: scores.dimension('age', ageLabel) }
        : null;
  }

  /** @param forecast with how it is added to a score */
  add({ item, lag, forecast, add }: ItemForecast<S>): void {
    for (const { parts, dimension } of this.#attributes) add(dimension.of(parts[item]!));
    if (this.#classes !== null) add(this.#classes.of(Math.floor(forecast / CLASS_WIDTH + 1e-9)));
    if (this.#lags !== null) add(this.#lags.of(lag));
    if (this.#ages !== null) add(this.#ages.dimension.of(this.#ages.parts[item]!));
  }

  /** @returns the scores as a tidy table */
  table(): SegmentRow[] {
    return this.#scores.table();
  }
}

function classLabel(part: number): string {
  const percent = (edge: number): number => Math.round(edge * CLASS_WIDTH * 100);
  return `${percent(part)} to ${percent(part + 1)} %`;
}

function ageLabel(part: number): string {
  return part === UNKNOWN_AGE ? 'unknown' : `${part * AGE_WEEKS} to ${(part + 1) * AGE_WEEKS - 1} weeks`;
}

function agesOf(items: Batch, cutoff: Week): Int32Array {
  const launch = items.column('launchWeek') as DateColumn;
  const end = items.column('seasonEndWeek') as DateColumn;
  return Int32Array.from({ length: items.length }, (_, row) => {
    if (!isValid(launch, row)) return UNKNOWN_AGE;
    const cleared = isValid(end, row) ? end.values[row]! : cutoff;
    return Math.floor(Math.max(0, (cleared - launch.values[row]!) / DAYS_PER_WEEK) / AGE_WEEKS);
  });
}
