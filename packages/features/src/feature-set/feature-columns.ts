import { type Batch, float64Column, type Float64Column } from '@hemline/core';

/** Features of the rows of a panel: one array a feature, NaN where it is missing. */
export class FeatureColumns {
  readonly length: number;
  readonly #values: ReadonlyMap<string, Float64Array>;

  /**
   * @param values by feature name, in order
   * @param length rows
   */
  constructor(values: ReadonlyMap<string, Float64Array>, length: number) {
    this.#values = values;
    this.length = length;
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /**
   * @param name of a feature
   * @returns its values, undefined where there is no such feature
   */
  find(name: string): Float64Array | undefined {
    return this.#values.get(name);
  }

  /** All values by name. */
  get values(): ReadonlyMap<string, Float64Array> {
    return this.#values;
  }

  /**
   * The features as columns beside others. NaN becomes a missing value.
   * @param keys columns to put before them, such as article, market and week
   * @returns one batch
   */
  toBatch(keys: Batch): Batch {
    const columns = [...this.#values].map(([name, values]) => [name, nullable(values)] as const);
    return keys.with(Object.fromEntries(columns));
  }
}

function nullable(values: Float64Array): Float64Column {
  let row = 0;
  while (row < values.length && values[row] === values[row]) row++;
  if (row === values.length) return float64Column(values);
  const validity = new Uint8Array((values.length + 7) >> 3);
  for (row = 0; row < values.length; row++)
    if (values[row] === values[row]) validity[row >> 3]! |= 1 << (row & 7);
  return float64Column(values, validity);
}
