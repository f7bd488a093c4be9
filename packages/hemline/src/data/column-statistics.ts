import { formatWeek, isValid, type Column } from '@hemline/core';

/** Distinct strings are counted exactly up to here. */
const DISTINCT_LIMIT = 1_000_000;

/** What one column holds, over any number of batches; bounded by the number of distinct strings counted. */
export class ColumnStatistics {
  #nulls = 0;
  #isDate = false;
  #minimum: number | bigint | string | null = null;
  #maximum: number | bigint | string | null = null;
  #nans = 0;
  readonly #distinct = new Set<string>();

  /**
   * Takes a batch's column in.
   * @param column of one type throughout
   */
  add(column: Column): void {
    this.#isDate = column.type === 'date';
    if (column.type === 'string') this.#addStrings(column.values, column.dictionary, column);
    else
      for (let row = 0; row < column.length; row++)
        this.#addValue(isValid(column, row) ? column.values[row]! : null);
  }

  /**
   * What was seen.
   * @returns counts, and extremes as text
   */
  summary(): { nulls: number; minimum: string | null; maximum: string | null; distinct: string | null } {
    const count = this.#distinct.size;
    return {
      nulls: this.#nulls,
      minimum: this.#show(this.#minimum),
      maximum:
        this.#nans > 0
          ? `${this.#show(this.#maximum) ?? ''} (${this.#nans} NaN)`.trim()
          : this.#show(this.#maximum),
      distinct: count === 0 ? null : count >= DISTINCT_LIMIT ? `${DISTINCT_LIMIT}+` : String(count),
    };
  }

  #addStrings(codes: Int32Array, dictionary: readonly string[], column: Column): void {
    const used = new Uint8Array(dictionary.length);
    for (let row = 0; row < codes.length; row++) {
      if (isValid(column, row)) used[codes[row]!] = 1;
      else this.#nulls++;
    }
    for (let code = 0; code < used.length; code++) {
      if (used[code] === 0) continue;
      const text = dictionary[code]!;
      if (this.#distinct.size < DISTINCT_LIMIT) this.#distinct.add(text);
      this.#widen(text);
    }
  }

  #addValue(value: number | bigint | null): void {
    if (value === null) this.#nulls++;
    else if (Number.isNaN(value)) this.#nans++;
    else this.#widen(value);
  }

  #widen(value: number | bigint | string): void {
    if (this.#minimum === null || value < this.#minimum) this.#minimum = value;
    if (this.#maximum === null || value > this.#maximum) this.#maximum = value;
  }

  #show(value: number | bigint | string | null): string | null {
    if (value === null) return null;
    if (this.#isDate) return formatWeek(value as number);
    return typeof value === 'number' && !Number.isInteger(value)
      ? String(Number(value.toPrecision(6)))
      : String(value);
  }
}
