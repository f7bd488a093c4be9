/** Room for so many series at first. */
const INITIAL_SERIES = 256;

/**
 * The latest observed weeks of many series, in flat arrays: `capacity` slots a series, sorted by week. Rows may come in
 * any order. 12 bytes a slot.
 */
export class LatestWeeks {
  readonly capacity: number;
  #weeks: Int32Array;
  #values: Float64Array;
  #counts: Int32Array;

  /** @param capacity how many weeks to keep of each series */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#weeks = new Int32Array(INITIAL_SERIES * capacity);
    this.#values = new Float64Array(INITIAL_SERIES * capacity);
    this.#counts = new Int32Array(INITIAL_SERIES);
  }

  /**
   * Adds an observation; the oldest gives way when the series is full. O(capacity) at worst, O(1) for rising weeks of a
   * series that is not full.
   * @param series its number
   * @param week of the observation
   * @param value observed
   */
  add(series: number, week: number, value: number): void {
    if (series >= this.#counts.length) this.#grow(series + 1);
    const first = series * this.capacity;
    let end = first + this.#counts[series]!;
    if (this.#counts[series] === this.capacity) {
      if (week < this.#weeks[first]!) return;
      this.#weeks.copyWithin(first, first + 1, end);
      this.#values.copyWithin(first, first + 1, end);
      end--;
    } else {
      this.#counts[series]!++;
    }
    let slot = end;
    for (; slot > first && this.#weeks[slot - 1]! > week; slot--) {
      this.#weeks[slot] = this.#weeks[slot - 1]!;
      this.#values[slot] = this.#values[slot - 1]!;
    }
    this.#weeks[slot] = week;
    this.#values[slot] = value;
  }

  /**
   * @param series its number
   * @returns how many weeks are kept of it; 0 for a series never seen
   */
  count(series: number): number {
    return series >= 0 && series < this.#counts.length ? this.#counts[series]! : 0;
  }

  /**
   * @param series its number
   * @returns the mean of the weeks kept, summed from the oldest on; NaN without any
   */
  mean(series: number): number {
    const count = this.count(series);
    let sum = 0;
    for (let slot = series * this.capacity, i = 0; i < count; i++) sum += this.#values[slot + i]!;
    return sum / count;
  }

  #grow(series: number): void {
    const size = Math.max(series, 2 * this.#counts.length);
    const weeks = new Int32Array(size * this.capacity);
    const values = new Float64Array(size * this.capacity);
    const counts = new Int32Array(size);
    weeks.set(this.#weeks);
    values.set(this.#values);
    counts.set(this.#counts);
    this.#weeks = weeks;
    this.#values = values;
    this.#counts = counts;
  }
}
