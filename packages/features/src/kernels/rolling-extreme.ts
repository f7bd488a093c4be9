import { positionInBlock, type AsOfKernel } from './as-of-kernel.ts';

/**
 * Smallest or largest value of the last `window` weeks, missing ones left out: few comparisons a row whatever the window
 * (van Herk 1992, Gil & Werman 1993).
 * @param statistic which
 * @param window weeks, Infinity for all so far
 * @param minSamples values that a window must hold, else NaN
 * @returns the kernel
 */
export function rollingExtreme(statistic: 'min' | 'max', window: number, minSamples: number): AsOfKernel {
  const isFinite = Number.isFinite(window);
  // Of the block before: from each position to its end.
  const tails = new Float64Array(isFinite ? window + 1 : 1);
  const tailCounts = new Float64Array(tails.length);
  return ([x], from, to, phase, out, at) => {
    const [values, tail, tailCount, least] = [x!, tails, tailCounts, minSamples];
    // The smallest is the largest of the negated values.
    const [sign, step] = [statistic === 'max' ? 1 : -1, isFinite ? 1 : 0];
    const shift = at - from;
    tail.fill(-Infinity);
    tailCount.fill(0);
    let position = isFinite ? positionInBlock(phase, window) : 0;
    for (let row = from; row < to;) {
      const end = isFinite ? Math.min(to, row + window - position) : to;
      let most = -Infinity;
      let count = 0;
      for (; row < end; row++) {
        const value = sign * values[row]!;
        if (value === value) {
          most = Math.max(most, value);
          count++;
        }
        position += step;
        const samples = count + tailCount[position]!;
        // Adding 0 turns the −0 of a negated 0 into 0.
        out[row + shift] = samples < least ? NaN : sign * Math.max(most, tail[position]!) + 0;
      }
      if (row === to) return;
      most = -Infinity;
      count = 0;
      for (let back = 1; back <= window; back++) {
        const value = row - back < from ? NaN : sign * values[row - back]!;
        if (value === value) {
          most = Math.max(most, value);
          count++;
        }
        tail[window - back] = most;
        tailCount[window - back] = count;
      }
      position = 0;
    }
  };
}
