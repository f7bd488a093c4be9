/** What counts as missing at a split. */
export const MISSING = { none: 0, zero: 1, nan: 2 } as const;

/** Below it, LightGBM takes a value for zero (`kZeroThreshold`, a float). */
const ZERO = Math.fround(1e-35);

/** One way of looking at a feature. */
interface Input {
  readonly feature: number;
  readonly missing: number;
  /** −x instead of x. */
  readonly isNegated: boolean;
  /** The number of a category, infinite for what is none. */
  readonly isCategory: boolean;
}

/**
 * The ways in which the splits of a model look at features, numbered. A split that sends missing values right goes left
 * where x ≤ t, which NaN never is; one that sends them left goes right where x > t, that is −x ≤ the number below −t. So all
 * that differs between splits (what is missing, and where it goes) is settled once a value and not once a split.
 */
export class Inputs {
  readonly #inputs: Input[] = [];
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#inputs.length;
  }

  /**
   * @param input way of looking
   * @returns its number
   */
  number(input: Input): number {
    const key = `${input.feature} ${input.missing} ${input.isNegated} ${input.isCategory}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#inputs.push(input) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  /**
   * Fills a block: `count` rows of `this.count` values.
   * @param columnOf array, first position and stride of a feature's values
   * @param start first row
   * @param count of rows
   * @param block receives them
   */
  fill(
    columnOf: (feature: number) => { array: ArrayLike<number>; offset: number; stride: number },
    start: number,
    count: number,
    block: Float64Array,
  ): void {
    const width = this.#inputs.length;
    for (let number = 0; number < width; number++) {
      const { feature, missing, isNegated, isCategory } = this.#inputs[number]!;
      const { array, offset, stride } = columnOf(feature);
      if (isCategory) fillCategories(array, offset + start * stride, stride, count, block, number, width);
      else
        fillNumbers(array, offset + start * stride, stride, count, block, number, width, missing, isNegated);
    }
  }
}

function fillNumbers(
  array: ArrayLike<number>,
  from: number,
  stride: number,
  count: number,
  block: Float64Array,
  to: number,
  width: number,
  missing: number,
  isNegated: boolean,
): void {
  const sign = isNegated ? -1 : 1;
  for (let row = 0; row < count; row++, from += stride, to += width) {
    let value = array[from]!;
    if (missing === MISSING.none) {
      if (value !== value) value = 0;
    } else if (missing === MISSING.zero && (value !== value || Math.abs(value) <= ZERO)) value = NaN;
    block[to] = sign * value;
  }
}

/** LightGBM cuts a category to a 32-bit integer; negative ones and NaN are in no set. */
function fillCategories(
  array: ArrayLike<number>,
  from: number,
  stride: number,
  count: number,
  block: Float64Array,
  to: number,
  width: number,
): void {
  for (let row = 0; row < count; row++, from += stride, to += width) {
    const category = Math.trunc(array[from]!);
    block[to] = category >= 0 && category < 2 ** 31 ? category : Infinity;
  }
}
