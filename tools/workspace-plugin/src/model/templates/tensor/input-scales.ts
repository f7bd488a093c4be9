import type { BatchParts } from '@hemline/tensor';
import { reachOf, SEGMENTS } from './network.ts';

/** Standardised numbers are confined to this: garbage in an input must not become garbage in a forecast. */
const MOST = 6;

/** What a network reads: scaled columns, and how far the rising one reaches into its segments. */
export type InputName = 'inputs' | 'reach';

/** What brings the columns of examples to numbers that a network can read. */
export class InputScales {
  /** By column; the rising one is not standardised. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly rising: number | null;

  /**
   * @param means by column, of the logs
   * @param deviations by column, of the logs
   * @param rising column in which the score never falls, or null
   */
  constructor(means: readonly number[], deviations: readonly number[], rising: number | null) {
    this.means = means;
    this.deviations = deviations;
    this.rising = rising;
  }

  /**
   * @param columns to learn from
   * @param rising column in which the score never falls, or null
   * @returns their scales; a column that never varies, or is never known, is only centred
   */
  static fit(columns: readonly Float32Array[], rising: number | null): InputScales {
    const moments = columns.map((values) => {
      let [count, mean, squares] = [0, 0, 0];
      for (const value of values) {
        if (Number.isNaN(value)) continue;
        const away = compressed(value) - mean;
        mean += away / ++count;
        squares += away * (compressed(value) - mean);
      }
      const deviation = Math.sqrt(squares / Math.max(1, count));
      return { mean, deviation: deviation > 1e-6 ? deviation : 1 };
    });
    return new InputScales(
      moments.map(({ mean }) => mean),
      moments.map(({ deviation }) => deviation),
      rising,
    );
  }

  /** Numbers of an example: each column, and whether it is known. */
  get width(): number {
    return 2 * this.means.length;
  }

  /**
   * @param columns of examples
   * @param rows which, in this order
   * @param size examples of the parts; those beyond `rows` are 0
   * @returns inputs and reach
   */
  parts(
    columns: readonly Float32Array[],
    rows: ArrayLike<number>,
    size: number = rows.length,
  ): BatchParts<InputName> {
    const { width, rising } = this;
    const inputs = new Float32Array(size * width);
    const reach = new Float32Array(size * SEGMENTS);
    for (let i = 0; i < rows.length; i++) {
      columns.forEach((values, column) => {
        const value = values[rows[i]!]!;
        if (column === rising) {
          for (let segment = 0; segment < SEGMENTS; segment++)
            reach[i * SEGMENTS + segment] = Number.isNaN(value) ? 0 : reachOf(value, segment);
        } else if (!Number.isNaN(value)) {
          const scaled = (compressed(value) - this.means[column]!) / this.deviations[column]!;
          inputs[i * width + 2 * column] = Math.max(-MOST, Math.min(MOST, scaled));
          inputs[i * width + 2 * column + 1] = 1;
        }
      });
    }
    return {
      inputs: { shape: [size, width], values: inputs },
      reach: { shape: [size, SEGMENTS], values: reach },
    };
  }
}

/** Amounts span orders of magnitude. */
function compressed(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}
