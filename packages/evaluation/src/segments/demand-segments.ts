import type { Batch, QuantileColumn } from '@hemline/core';
import { DemandScore, type QuantileOf } from '../metrics/scores.ts';
import { DISCOUNT_BANDS, discountBand, type SegmentRow } from './segment-row.ts';
import { SegmentScores, type AttributeDimension, type Dimension } from './segment-scores.ts';

/** Weeks ahead that count as near. */
const NEAR_WEEKS = 4;
/** Least observed weeks of the classes of history but the first, and what the classes are called. */
const HISTORY_WEEKS = [1, 13, 52];
const HISTORIES = ['none (cold start)', '1 to 12 weeks', '13 to 51 weeks', '52 weeks and more'];
/** Discounts that differ by no more than this are the same, which rounding of prices may hide. */
const SAME_DISCOUNT = 0.01;
/** How a week's discount lies to the last that is known: what a forecast has to know of the response to the price. */
const CHANGES = ['as the last known', 'deeper', 'less deep'];
const LEADS = [`near (weeks 1 to ${NEAR_WEEKS})`, `far (weeks ${NEAR_WEEKS + 1} and later)`];

/** A row of the window, as far as it decides where it is counted. */
export interface DemandRow {
  /** Number of the row's item among those given to {@link DemandSegments.begin}. */
  readonly item: number;
  readonly weekAhead: number;
  readonly discount: number;
  /** Of the last week that was known; NaN where there is none. */
  readonly lastDiscount: number;
  /** Weeks observed at or before the cutoff. */
  readonly historyWeeks: number;
  readonly forecast: number;
  readonly actual: number;
  readonly blackPrice: number;
  /** The forecast's, of a model that declares some. */
  readonly quantiles: QuantileOf;
}

/**
 * Scores of demand by week ahead, near and far, discount band, change of the discount, market, group and length of the
 * history. Series without any
 * history (cold start) are scored under `history` only: every other score is of the rows of the metrics.
 */
export class DemandSegments {
  readonly #scores: SegmentScores<DemandScore>;
  readonly #weeks: Dimension<DemandScore>;
  readonly #leads: Dimension<DemandScore>;
  readonly #bands: Dimension<DemandScore>;
  readonly #changes: Dimension<DemandScore>;
  readonly #histories: Dimension<DemandScore>;
  readonly #attributes: readonly AttributeDimension<DemandScore>[];
  #parts: readonly Int32Array[] = [];

  /** @param quantiles that the model declares */
  constructor(quantiles: readonly QuantileColumn[]) {
    this.#scores = new SegmentScores(() => new DemandScore(quantiles));
    this.#weeks = this.#scores.dimension('weekAhead');
    this.#leads = this.#scores.dimension('lead', (part) => LEADS[part]!);
    this.#bands = this.#scores.dimension('discount', (part) => DISCOUNT_BANDS[part]!);
    this.#changes = this.#scores.dimension('discountChange', (part) => CHANGES[part]!);
    this.#histories = this.#scores.dimension('history', (part) => HISTORIES[part]!);
    this.#attributes = ['market', 'group'].map((name) => this.#scores.attribute(name));
  }

  /** @param items that the rows to come are of */
  begin(items: Batch): void {
    this.#parts = this.#attributes.map((attribute) => attribute.partsOf(items));
  }

  /** @param row of the window with its forecast */
  add(row: DemandRow): void {
    const { item, weekAhead, discount, lastDiscount, historyWeeks } = row;
    const add = (score: DemandScore): void =>
      score.add(row.forecast, row.actual, row.blackPrice, row.quantiles);
    add(this.#histories.of(classOf(historyWeeks, HISTORY_WEEKS)));
    if (historyWeeks === 0) return;
    add(this.#weeks.of(weekAhead));
    add(this.#leads.of(weekAhead <= NEAR_WEEKS ? 0 : 1));
    add(this.#bands.of(discountBand(discount)));
    if (!Number.isNaN(lastDiscount)) add(this.#changes.of(changeOf(discount - lastDiscount)));
    this.#attributes.forEach((attribute, at) => add(attribute.of(this.#parts[at]![item]!)));
  }

  /** @returns the scores as a tidy table */
  table(): SegmentRow[] {
    return this.#scores.table();
  }
}

function changeOf(difference: number): number {
  if (Math.abs(difference) <= SAME_DISCOUNT) return 0;
  return difference > 0 ? 1 : 2;
}

/** How many of the bounds a value has reached. */
function classOf(value: number, bounds: readonly number[]): number {
  return bounds.filter((bound) => value >= bound).length;
}
