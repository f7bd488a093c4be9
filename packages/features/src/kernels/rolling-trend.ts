import type { AsOfKernel } from './as-of-kernel.ts';

/**
 * Slope of the least-squares line through the last `window` weeks, a week, missing ones left out.
 * @param window weeks; each row costs as many steps
 * @param minSamples values that a window must hold, at least 2, else NaN
 * @returns the kernel
 */
export function rollingTrend(window: number, minSamples: number): AsOfKernel {
  const least = Math.max(2, minSamples);
  return ([x], from, to, _phase, out, at) => {
    const values = x!;
    for (let row = from; row < to; row++) {
      const first = Math.max(from, row - window + 1);
      let count = 0;
      let time = 0;
      let level = 0;
      for (let i = first; i <= row; i++) {
        const value = values[i]!;
        if (value !== value) continue;
        count++;
        time += i - row;
        level += value;
      }
      let slope = NaN;
      if (count >= least) {
        time /= count;
        level /= count;
        let spread = 0;
        let common = 0;
        for (let i = first; i <= row; i++) {
          const value = values[i]!;
          if (value !== value) continue;
          const away = i - row - time;
          spread += away * away;
          common += away * (value - level);
        }
        slope = common / spread;
      }
      out[at + row - from] = slope;
    }
  };
}
