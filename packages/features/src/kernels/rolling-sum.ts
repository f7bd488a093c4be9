import { positionInBlock, type AsOfKernel } from './as-of-kernel.ts';

/** What is made of the values of a window. */
export type SumStatistic = 'sum' | 'mean' | 'zeroShare';

/**
 * Sum, mean, or share of zeros of the last `window` weeks, missing ones left out. Few additions a row whatever the window,
 * and none of the drift of adding what enters and subtracting what leaves: a window is the tail of one block and the head of
 * the next, each summed up on its own (van Herk 1992, Gil & Werman 1993).
 * @param statistic of the values
 * @param window weeks, Infinity for all so far
 * @param minSamples values that a window must hold, else NaN
 * @returns the kernel
 */
export function rollingSum(statistic: SumStatistic, window: number, minSamples: number): AsOfKernel {
  const isFinite = Number.isFinite(window);
  // Of the block before: sums and counts from each position to its end. Without an end, there is no block before.
  const tails = new Float64Array(isFinite ? window + 1 : 1);
  const tailCounts = new Float64Array(tails.length);
  return ([x], from, to, phase, out, at) => {
    // Local names: what a closure holds is read anew in every row.
    const [values, tail, tailCount, least] = [x!, tails, tailCounts, minSamples];
    const [isShare, isSum, step] = [statistic === 'zeroShare', statistic === 'sum', isFinite ? 1 : 0];
    const shift = at - from;
    tail.fill(0);
    tailCount.fill(0);
    let position = isFinite ? positionInBlock(phase, window) : 0;
    for (let row = from; row < to;) {
      const end = isFinite ? Math.min(to, row + window - position) : to;
      let sum = 0;
      let count = 0;
      for (; row < end; row++) {
        const value = values[row]!;
        if (value === value) {
          // A branch on data would cost more than all else.
          sum += isShare ? Number(value === 0) : value;
          count++;
        }
        position += step;
        const samples = count + tailCount[position]!;
        const total = sum + tail[position]!;
        out[row + shift] = samples < least ? NaN : isSum ? total : total / samples;
      }
      if (row === to) return;
      sum = 0;
      count = 0;
      for (let back = 1; back <= window; back++) {
        const value = row - back < from ? NaN : values[row - back]!;
        if (value === value) {
          sum += isShare ? Number(value === 0) : value;
          count++;
        }
        tail[window - back] = sum;
        tailCount[window - back] = count;
      }
      position = 0;
    }
  };
}
