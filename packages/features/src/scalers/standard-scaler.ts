import { ArtifactError, DataError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';

/** Count, mean and sum of squared distances of one column (Welford 1962). */
interface Moments {
  count: number;
  mean: number;
  squares: number;
}

/** Mean and standard deviation of one column. */
interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Gathers means and deviations of columns, batch by batch; missing values (NaN) are left out. */
export class StandardScaling {
  readonly #moments: ReadonlyMap<string, Moments>;

  /** @param columns to scale */
  constructor(columns: readonly string[]) {
    this.#moments = new Map(columns.map((column) => [column, { count: 0, mean: 0, squares: 0 }]));
  }

  /** @param values by column; rows up to the cutoff only */
  add(values: ReadonlyMap<string, Float64Array>): void {
    for (const [column, moments] of this.#moments) {
      for (const value of values.get(column)!) {
        if (value !== value) continue;
        const away = value - moments.mean;
        moments.mean += away / ++moments.count;
        moments.squares += away * (value - moments.mean);
      }
    }
  }

  /**
   * @returns the scaler, with the deviations of the population (n); a column that never varies is only centred
   * @throws DataError for a column without a value, or with one that is not finite
   */
  fit(): StandardScaler {
    const scales = [...this.#moments].map(([column, { count, mean, squares }]): [string, Scale] => {
      if (count === 0 || !Number.isFinite(squares)) {
        throw new DataError('a column cannot be standardised', {
          expected: 'finite numbers',
          found: count === 0 ? 'no value' : 'one that is not finite',
          where: { column },
          remedy: 'Take the column out, or correct it.',
        });
      }
      const deviation = Math.sqrt(squares / count);
      // What rounding leaves of nothing must not be blown up.
      return [column, { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 }];
    });
    return new StandardScaler(new Map(scales));
  }
}

/** Columns brought to mean 0 and deviation 1. */
export class StandardScaler {
  readonly #scales: ReadonlyMap<string, Scale>;

  /** @param scales by column */
  constructor(scales: ReadonlyMap<string, Scale>) {
    this.#scales = scales;
  }

  /**
   * @param column that is scaled
   * @param values NaN where missing, stays so
   * @param out where to, may be `values`
   * @returns `out`
   */
  transform(
    column: string,
    values: Float64Array,
    out: Float64Array = new Float64Array(values.length),
  ): Float64Array {
    const { mean, deviation } = this.#scaleOf(column);
    for (let row = 0; row < values.length; row++) out[row] = (values[row]! - mean) / deviation;
    return out;
  }

  /**
   * @param column that is scaled
   * @param values as `transform` gives them
   * @param out where to, may be `values`
   * @returns `out`
   */
  inverse(
    column: string,
    values: Float64Array,
    out: Float64Array = new Float64Array(values.length),
  ): Float64Array {
    const { mean, deviation } = this.#scaleOf(column);
    for (let row = 0; row < values.length; row++) out[row] = values[row]! * deviation + mean;
    return out;
  }

  /**
   * @param artifact where to
   * @param name of the entry
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await artifact.writeJson(name, [...this.#scales]);
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @returns the scaler
   * @throws ArtifactError when the entry is missing or none of a scaler
   */
  static async load(artifact: ArtifactReader, name: string): Promise<StandardScaler> {
    const saved = await artifact.readJson(name);
    const isOne = (entry: unknown): boolean => {
      const [column, scale] = (Array.isArray(entry) ? entry : []) as [unknown, Partial<Scale> | undefined];
      return typeof column === 'string' && Number.isFinite(scale?.mean) && (scale?.deviation ?? 0) > 0;
    };
    if (Array.isArray(saved) && saved.every(isOne))
      return new StandardScaler(new Map(saved as [string, Scale][]));
    throw new ArtifactError('a saved scaler is not what it should be', {
      expected: 'a list of columns with mean and deviation',
      where: { file: name },
      remedy: 'Train the model again with this version.',
    });
  }

  #scaleOf(column: string): Scale {
    const scale = this.#scales.get(column);
    if (scale !== undefined) return scale;
    throw new DataError('a column is not scaled', {
      expected: `one of ${[...this.#scales.keys()].join(', ')}`,
      found: column,
    });
  }
}
