import type { AsOfKernel } from './as-of-kernel.ts';

/**
 * Quantile of the last `window` weeks, missing ones left out, linear between the two nearest values (Hyndman & Fan 1996,
 * type 7). The window is kept sorted: a row costs one search and one move of at most `window` values.
 * @param quantile 0 … 1
 * @param window weeks, Infinity for all so far
 * @param minSamples values that a window must hold, else NaN
 * @returns the kernel
 */
export function rollingQuantile(quantile: number, window: number, minSamples: number): AsOfKernel {
  let sorted = new Float64Array(Number.isFinite(window) ? window + 1 : 64);
  return ([x], from, to, _phase, out, at) => {
    const values = x!;
    if (sorted.length <= to - from && !Number.isFinite(window)) sorted = new Float64Array(2 * (to - from));
    let count = 0;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      if (value === value) {
        const place = placeOf(sorted, count, value);
        sorted.copyWithin(place + 1, place, count);
        sorted[place] = value;
        count++;
      }
      const leaving = row - window < from ? NaN : values[row - window]!;
      if (leaving === leaving) {
        const place = placeOf(sorted, count, leaving);
        sorted.copyWithin(place, place + 1, count);
        count--;
      }
      out[at + row - from] = count < minSamples || count === 0 ? NaN : between(sorted, count, quantile);
    }
  };
}

/** The first place whose value is not below this one. */
function placeOf(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(sorted: Float64Array, count: number, quantile: number): number {
  const position = quantile * (count - 1);
  const below = Math.floor(position);
  const value = sorted[below]!;
  return position === below ? value : value + (position - below) * (sorted[below + 1]! - value);
}
