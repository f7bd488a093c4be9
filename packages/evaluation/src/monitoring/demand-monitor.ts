import type { Batch } from '@hemline/core';
import { DemandScore } from '../metrics/scores.ts';
import type { Metrics } from '../metrics/error-sums.ts';
import { DISCOUNT_BANDS, discountBand, type SegmentRow } from '../segments/segment-row.ts';
import { SegmentScores } from '../segments/segment-scores.ts';
import type { AlarmLevel } from './alarm-level.ts';
import type { ChangeWindows } from './change-test.ts';
import { ErrorDrift, type ComparedRow, type SegmentDrift } from './error-drift.ts';

/** A forecast of a row, whether it was in use or not. */
export interface MonitoredRow extends ComparedRow {
  readonly blackPrice: number;
  /** Of the forecast: 1 for the week after the last that it knew. */
  readonly weekAhead: number;
  /** Weeks from the last that the model knew; null where that is not known. */
  readonly modelAge: number | null;
  /** Position of the version among those given. */
  readonly version: number;
  /** Whether it was the newest forecast of its week. */
  readonly inUse: boolean;
  /** Whether its week is one of those that are judged. */
  readonly recent: boolean;
  /** Whether its week is one of those before, which the judged ones are compared with. */
  readonly before: boolean;
}

/** Weeks that ages of models are told in. */
const AGE_WEEKS = 4;

/** Scores the forecasts of a model that were in use, and watches whether their error drifts. Memory does not grow with rows. */
export class DemandMonitor {
  readonly #drift: ErrorDrift;
  readonly #inUse = new DemandScore();
  readonly #before = new DemandScore();
  readonly #scores = new SegmentScores(() => new DemandScore());
  readonly #versions;
  readonly #weeks = this.#scores.dimension('weekAhead');
  readonly #ages = this.#scores.dimension('modelAge', ageLabel);
  readonly #bands = this.#scores.dimension('discount', (part) => DISCOUNT_BANDS[part]!);
  readonly #attributes = ['market', 'group'].map((name) => this.#scores.attribute(name));
  #parts: readonly Int32Array[] = [];

  /**
   * @param versions what they are called
   * @param longest window that is judged, in weeks
   */
  constructor(versions: readonly string[], longest: number) {
    this.#drift = new ErrorDrift(longest);
    this.#versions = this.#scores.dimension('version', (part) => versions[part]!);
  }

  /** Rows of forecasts in use, of the weeks that are judged. */
  get rows(): number {
    return this.#inUse.rows;
  }

  /** Metrics of the forecasts in use, over the weeks that are judged. */
  get metrics(): Metrics {
    return this.#inUse.metrics();
  }

  /** Demand error of the forecasts that were in use in the weeks before; NaN where there were none. */
  get earlierError(): number {
    return this.#before.metrics()['demandError']!;
  }

  /** @param items that the rows to come are of, with `article`, `market`, `group` */
  begin(items: Batch): void {
    this.#drift.begin(items);
    this.#parts = this.#attributes.map((attribute) => attribute.partsOf(items));
  }

  /** @param row to take */
  add(row: MonitoredRow): void {
    this.#drift.add(row);
    if (row.before && row.inUse) this.#before.add(row.forecast, row.actual, row.blackPrice);
    if (!row.recent) return;
    const add = (score: DemandScore): void => score.add(row.forecast, row.actual, row.blackPrice);
    add(this.#weeks.of(row.weekAhead));
    if (!row.inUse) return;
    add(this.#inUse);
    add(this.#versions.of(row.version));
    add(this.#ages.of(row.modelAge === null ? -1 : Math.floor(row.modelAge / AGE_WEEKS)));
    add(this.#bands.of(discountBand(row.discount)));
    this.#attributes.forEach((attribute, i) => add(attribute.of(this.#parts[i]![row.item]!)));
  }

  /** @returns the scores of the weeks that are judged; of `weekAhead` over all forecasts, else over those in use */
  table(): SegmentRow[] {
    return this.#scores.table();
  }

  /**
   * @param windows which weeks to compare
   * @param level what is asked of an alarm
   * @param expectedBias demand bias of a segment (`group/shirts`) on held-out weeks, for want of weeks before
   * @returns every segment that has rows
   */
  judge(
    windows: ChangeWindows,
    level: AlarmLevel,
    expectedBias?: ReadonlyMap<string, number>,
  ): SegmentDrift[] {
    return this.#drift.judge(windows, level, expectedBias);
  }
}

function ageLabel(part: number): string {
  return part < 0 ? 'unknown' : `${part * AGE_WEEKS} to ${(part + 1) * AGE_WEEKS - 1} weeks`;
}
