import { DAYS_PER_WEEK, isValid, type Week } from '@hemline/core';
import type { GroupTotals } from '../groups/group-totals.ts';
import type { FutureCovariate } from '../kinds/covariate.ts';
import type { SeriesView } from '../kinds/feature.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';

/** Sums of a group in each week of its grid, and where each series finds its own. */
interface PlannedGroup {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly groups: Int32Array;
  readonly origin: Week;
  readonly weeks: number;
}

/** The one view of a panel's series, moved from one to the next. */
export class SeriesReader implements SeriesView {
  readonly #panel: FilledPanel;
  readonly #totals: GroupTotals;
  readonly #columns = new Map<string, Float64Array>();
  readonly #groups = new Map<string, PlannedGroup>();
  from = 0;
  to = 0;
  series = 0;
  week = 0;

  /**
   * @param panel to read
   * @param totals of all panels
   */
  constructor(panel: FilledPanel, totals: GroupTotals) {
    this.#panel = panel;
    this.#totals = totals;
  }

  /**
   * @param series to look at from now on
   * @returns itself
   */
  move(series: number): this {
    this.series = series;
    this.from = this.#panel.offsets[series]!;
    this.to = this.#panel.offsets[series + 1]!;
    this.week = this.#panel.weeks[this.from]!;
    return this;
  }

  /**
   * @param column of the panel's rows
   * @returns its values, NaN where missing
   */
  floats(column: string): Float64Array {
    let values = this.#columns.get(column);
    if (values === undefined) this.#columns.set(column, (values = this.#panel.rows.floats(column)));
    return values;
  }

  // Arrow functions: features take these off the view.
  readonly planned = (covariate: FutureCovariate): Float64Array => this.floats(covariate.column);

  readonly date = (attribute: string): number => {
    const column = this.#panel.series.column(attribute);
    if (column.type !== 'date') return this.#panel.series.weeks(attribute)[this.series]!;
    return isValid(column, this.series) ? column.values[this.series]! : NaN;
  };

  readonly text = (attribute: string): string | null => {
    const column = this.#panel.series.strings(attribute);
    return isValid(column, this.series) ? column.dictionary[column.values[this.series]!]! : null;
  };

  readonly plannedMean = (
    of: FutureCovariate,
    by: readonly string[],
  ): { means: Float64Array; at: number } => {
    const { sums, counts, at } = this.plannedSums(of, by);
    const name = JSON.stringify(['planned mean', of.column, ...by]);
    const means = this.#totals.lookup({ name }, () => sums.map((total, entry) => total / counts[entry]!));
    return { means, at };
  };

  readonly plannedSums = (
    of: FutureCovariate,
    by: readonly string[],
  ): { sums: Float64Array; counts: Float64Array; at: number } => {
    const key = JSON.stringify([of.column, ...by]);
    let found = this.#groups.get(key);
    if (found === undefined) this.#groups.set(key, (found = this.#groupOf(of, by)));
    const slot = (this.week - found.origin) / DAYS_PER_WEEK;
    return { sums: found.sums, counts: found.counts, at: found.groups[this.series]! * found.weeks + slot };
  };

  #groupOf(of: FutureCovariate, by: readonly string[]): PlannedGroup {
    const weeks = this.#totals.of({ of, by });
    const { sum, count } = weeks.totals;
    return {
      sums: sum,
      counts: count,
      groups: weeks.find(this.#panel.series.select(by)),
      origin: weeks.origin,
      weeks: weeks.weeks,
    };
  }
}
