import type { AsOfKernel } from './as-of-kernel.ts';

/**
 * Runs a kernel on the weeks of the same season alone: this one, `seasonWeeks` ago, twice as long ago …
 * @param kernel to run, windows counted in seasons
 * @param seasonWeeks weeks from a season to the next
 * @returns the kernel on all weeks
 */
export function seasonal(kernel: AsOfKernel, seasonWeeks: number): AsOfKernel {
  let values = new Float64Array(64);
  let results = new Float64Array(64);
  return ([x], from, to, phase, out, at) => {
    const most = Math.ceil((to - from) / seasonWeeks);
    if (values.length < most) {
      values = new Float64Array(2 * most);
      results = new Float64Array(2 * most);
    }
    for (let first = 0; first < Math.min(seasonWeeks, to - from); first++) {
      let count = 0;
      for (let row = from + first; row < to; row += seasonWeeks) values[count++] = x![row]!;
      kernel([values], 0, count, Math.floor((phase + first) / seasonWeeks), results, 0);
      for (let i = 0; i < count; i++) out[at + first + i * seasonWeeks] = results[i]!;
    }
  };
}
