import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { TreeModel } from '@hemline/lightgbm/scoring';
import { CURVE_DISCOUNTS } from '../demand-curve.ts';
import type { Windows } from '../windows.ts';
import { TreeFeatures, type TreeHistory } from './tree-features.ts';

/** Rows that are scored at once: some megabytes. */
const ROWS = 32_768;

/** Grown trees. They are scored in TypeScript: no library is needed to forecast. */
export class DemandTrees {
  readonly #text: string;
  readonly #trees: TreeModel;

  /** @param text of the model, as LightGBM writes it */
  constructor(text: string) {
    this.#text = text;
    this.#trees = TreeModel.parse(text);
  }

  /**
   * @param windows of the series
   * @param series numbers of some
   * @param rows the last known row of each
   * @param weeks ahead that are forecast, from the first on
   * @returns demand, `[(series * weeks + week) * CURVE_DISCOUNTS.length + level]`; negative where trees say so
   */
  demand(windows: Windows, series: readonly number[], rows: readonly number[], weeks: number): Float64Array {
    const features = new TreeFeatures(windows);
    const perSeries = weeks * CURVE_DISCOUNTS.length;
    const demand = new Float64Array(series.length * perSeries);
    const most = Math.max(1, Math.floor(ROWS / perSeries));
    const buffers = features.names.map(() => new Float32Array(Math.min(most, series.length) * perSeries));
    for (let start = 0; start < series.length; start += most) {
      const count = Math.min(most, series.length - start);
      const columns = buffers.map((buffer) => buffer.subarray(0, count * perSeries));
      for (let i = 0; i < count; i++)
        writeSeries(features, features.historyOf(series[start + i]!, rows[start + i]!), weeks, columns, i);
      const into = demand.subarray(start * perSeries, (start + count) * perSeries);
      this.#trees.predict({ columns }, { into });
    }
    return demand;
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeBytes('trees', new TextEncoder().encode(this.#text));
  }

  /**
   * @param artifact where from
   * @returns the trees
   * @throws ArtifactError when they are damaged
   */
  static async load(artifact: ArtifactReader): Promise<DemandTrees> {
    const text = new TextDecoder().decode(await artifact.readBytes('trees'));
    try {
      return new DemandTrees(text);
    } catch (cause) {
      throw new ArtifactError('the trees are damaged', {
        found: (cause as Error).message,
        where: { file: 'trees' },
        remedy: 'Train the model again with this version.',
        cause,
      });
    }
  }
}

function writeSeries(
  features: TreeFeatures,
  history: TreeHistory,
  weeks: number,
  columns: readonly Float32Array[],
  series: number,
): void {
  const levels = CURVE_DISCOUNTS.length;
  for (let week = 0; week < weeks; week++) {
    const first = (series * weeks + week) * levels;
    features.writeWeek(history, week + 1, columns, first);
    for (const column of columns) column.fill(column[first]!, first + 1, first + levels);
    CURVE_DISCOUNTS.forEach((discount, level) =>
      features.writePrice(history, discount, columns, first + level),
    );
  }
}
