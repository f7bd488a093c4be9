import { positionInBlock, type AsOfKernel } from './as-of-kernel.ts';

/** Divisions by small counts are looked up. */
const INVERSES = Float64Array.from({ length: 4096 }, (_, n) => 1 / n);

/**
 * Sample standard deviation (n − 1) of the last `window` weeks, missing ones left out. Blocks as in `rollingSum`; within a
 * block by Welford (1962), tail and head joined by Chan, Golub & LeVeque (1979): no difference of large squares.
 * @param window weeks, Infinity for all so far
 * @param minSamples values that a window must hold, at least 2, else NaN
 * @returns the kernel
 */
export function rollingDeviation(window: number, minSamples: number): AsOfKernel {
  const isFinite = Number.isFinite(window);
  const tailMeans = new Float64Array(isFinite ? window + 1 : 1);
  const tailSquares = new Float64Array(tailMeans.length);
  const tailCounts = new Int32Array(tailMeans.length);
  return ([x], from, to, phase, out, at) => {
    const [values, means, tails, counts] = [x!, tailMeans, tailSquares, tailCounts];
    const [inverses, least, step] = [inversesTo(to - from), Math.max(2, minSamples), isFinite ? 1 : 0];
    const shift = at - from;
    means.fill(0);
    tails.fill(0);
    counts.fill(0);
    let position = isFinite ? positionInBlock(phase, window) : 0;
    for (let row = from; row < to;) {
      const end = isFinite ? Math.min(to, row + window - position) : to;
      let mean = 0;
      let squares = 0;
      let count = 0;
      for (; row < end; row++) {
        const value = values[row]!;
        if (value === value) {
          const away = value - mean;
          mean += away * inverses[++count]!;
          squares += away * (value - mean);
        }
        position += step;
        const before = counts[position]!;
        const samples = count + before;
        if (samples >= least) {
          const apart = means[position]! - mean;
          // With an empty tail the last term is 0.
          const total = squares + tails[position]! + apart * apart * (count * before * inverses[samples]!);
          out[row + shift] = Math.sqrt(total * inverses[samples - 1]!);
        } else out[row + shift] = NaN;
      }
      if (row === to) return;
      mean = 0;
      squares = 0;
      count = 0;
      for (let back = 1; back <= window; back++) {
        const value = row - back < from ? NaN : values[row - back]!;
        if (value === value) {
          const away = value - mean;
          mean += away * inverses[++count]!;
          squares += away * (value - mean);
        }
        means[window - back] = mean;
        tails[window - back] = squares;
        counts[window - back] = count;
      }
      position = 0;
    }
  };
}

function inversesTo(most: number): Float64Array {
  return most < INVERSES.length ? INVERSES : Float64Array.from({ length: most + 1 }, (_, n) => 1 / n);
}
