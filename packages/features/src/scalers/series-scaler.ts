import { takeRows, type ArtifactReader, type ArtifactWriter, type Batch, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { ARTICLE_HIERARCHY } from '../shrinkage/hierarchy.ts';
import { HierarchicalAverages } from '../shrinkage/hierarchical-averages.ts';
import { ShrunkAverages } from '../shrinkage/shrunk-averages.ts';

/** Weeks that the scale of a series is taken from. */
const WINDOW = 26;
/** No scale is smaller, in units a week: a series that never sold must not be divided by nothing. */
const SMALLEST = 0.05;

/** How the scale of a series is taken. */
export interface SeriesScaleOptions {
  /** The last weeks with a value, up to the cutoff; 26 by default. */
  readonly window?: number;
  /** No scale is smaller, in units a week; 0.05 by default. */
  readonly smallest?: number;
}

/**
 * Gathers the scale of every series: how much it sells in an ordinary week. That is the mean of log(1 + demand) over the last
 * observed weeks, turned back into units: one week of a hundred times the demand moves it by a fifth, and weeks without demand
 * count. Series are shrunk toward their group, groups toward their market, by as much as the data says: a series with little
 * history has about the scale of its group, and one without any exactly that (a cold start).
 */
export class SeriesScaling {
  readonly #averages = new HierarchicalAverages(ARTICLE_HIERARCHY, 'demand');
  readonly #window: number;
  readonly #smallest: number;

  /** @param options window, smallest scale */
  constructor({ window = WINDOW, smallest = SMALLEST }: SeriesScaleOptions = {}) {
    this.#window = window;
    this.#smallest = smallest;
  }

  /**
   * @param panel whose series have the attribute `group`
   * @param values of the target, NaN where missing
   * @param cutoff the last known week: rows after it are not read
   */
  add(panel: FilledPanel, values: Float64Array, cutoff: Week): void {
    const rows: number[] = [];
    const series: number[] = [];
    for (let s = 0; s < panel.series.length; s++) {
      let found = 0;
      for (let row = panel.offsets[s + 1]! - 1; row >= panel.offsets[s]! && found < this.#window; row--) {
        if (panel.weeks[row]! > cutoff || Number.isNaN(values[row]!)) continue;
        rows.push(row);
        series.push(s);
        found++;
      }
    }
    const keys = takeRows(panel.series.select(['article', 'group', 'market']), Uint32Array.from(series));
    const logs = Float64Array.from(rows, (row) => Math.log1p(Math.max(0, values[row]!)));
    this.#averages.add(keys, logs, new Float64Array(rows.length).fill(1));
  }

  /**
   * @returns the scales
   * @throws DataError when there was no value
   */
  fit(): SeriesScaler {
    return new SeriesScaler(this.#averages.fit(), this.#smallest);
  }
}

/** Demand in units of what is ordinary for its series. */
export class SeriesScaler {
  readonly #averages: ShrunkAverages;
  readonly #smallest: number;

  /**
   * @param averages of log(1 + demand)
   * @param smallest scale
   */
  constructor(averages: ShrunkAverages, smallest: number) {
    this.#averages = averages;
    this.#smallest = smallest;
  }

  /**
   * @param series one row each, with `article`, `group` and `market`; unknown ones have the scale of their group
   * @returns units a week, above 0
   */
  scaleOf(series: Batch): Float64Array {
    return this.#averages.lookup(series).value.map((log) => Math.max(this.#smallest, Math.expm1(log)));
  }

  /**
   * @param values of all rows of a panel, NaN where missing
   * @param offsets of its series
   * @param scales of its series
   * @returns values in units of the series' scale
   */
  transform(values: Float64Array, offsets: Uint32Array, scales: Float64Array): Float64Array {
    const scaled = new Float64Array(values.length);
    for (let s = 0; s + 1 < offsets.length; s++)
      for (let row = offsets[s]!; row < offsets[s + 1]!; row++) scaled[row] = values[row]! / scales[s]!;
    return scaled;
  }

  /**
   * @param scaled as `transform` gives them
   * @param offsets of the series
   * @param scales of the series
   * @returns values in units
   */
  inverse(scaled: Float64Array, offsets: Uint32Array, scales: Float64Array): Float64Array {
    const values = new Float64Array(scaled.length);
    for (let s = 0; s + 1 < offsets.length; s++)
      for (let row = offsets[s]!; row < offsets[s + 1]!; row++) values[row] = scaled[row]! * scales[s]!;
    return values;
  }

  /**
   * @param artifact where to
   * @param name of the entries
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await this.#averages.save(artifact, name);
    await artifact.writeJson(`${name}-smallest`, this.#smallest);
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @returns the scaler
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string): Promise<SeriesScaler> {
    const smallest = Number(await artifact.readJson(`${name}-smallest`));
    return new SeriesScaler(await ShrunkAverages.load(artifact, name, ARTICLE_HIERARCHY), smallest);
  }
}
