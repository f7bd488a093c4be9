import {
  DAYS_PER_WEEK,
  DataError,
  KeyIndex,
  SERIES_KEY,
  isValid,
  type ErrorOptions,
  type Table,
} from '@hemline/core';

/** A series lacks a week, and nothing says what that means. */
export class SkippedWeek extends DataError {
  readonly #options: ErrorOptions;

  /** @param options what was expected and found, where */
  constructor(options: ErrorOptions) {
    super('a week is skipped', options);
    this.#options = options;
  }

  /**
   * The same error with what each meaning would do to the mean of the data.
   * @param weekly the table it is about
   * @returns the error to throw
   */
  async explained(weekly: Table): Promise<DataError> {
    const { observed, withZeros } = await meansOf(weekly);
    return new DataError('a week is skipped', {
      ...this.#options,
      remedy: `Say what weeks without a row are, as "missingWeeks" of weekly in dataset.json: "zero" where nothing was sold in them (mean demand of a week ${text(withZeros)}), "unobserved" where nothing is known of them (mean ${text(observed)}); or add the rows.`,
    });
  }
}

/** Mean demand of the rows, and with a 0 for every week between the rows of a series. */
async function meansOf(weekly: Table): Promise<{ observed: number; withZeros: number }> {
  const index = new KeyIndex(SERIES_KEY);
  const [first, last, rows]: [number[], number[], number[]] = [[], [], []];
  let sum = 0;
  let count = 0;
  for await (const batch of weekly.batches({ columns: [...SERIES_KEY, 'week', 'demand'] })) {
    const series = index.add(batch);
    const weeks = batch.weeks('week');
    const demand = batch.column('demand');
    const values = batch.floats('demand');
    for (let row = 0; row < batch.length; row++) {
      const at = series[row]!;
      first[at] = Math.min(first[at] ?? Infinity, weeks[row]!);
      last[at] = Math.max(last[at] ?? -Infinity, weeks[row]!);
      rows[at] = (rows[at] ?? 0) + 1;
      if (!isValid(demand, row)) continue;
      sum += values[row]!;
      count++;
    }
  }
  const missing = rows.reduce((all, own, at) => all + (last[at]! - first[at]!) / DAYS_PER_WEEK + 1 - own, 0);
  return { observed: sum / count, withZeros: sum / (count + missing) };
}

function text(mean: number): string {
  return mean.toLocaleString('en', { maximumSignificantDigits: 3 });
}
