/**
 * A function of one series as of each of its weeks: writes `out[at + i]` from `inputs[·][from … from + i]` alone, for every
 * row of `from <= row < to`. Rows are consecutive weeks; NaN is a week without a value.
 *
 * `phase` is the number of the week at `from` on an absolute scale. Kernels that sum up in blocks begin them at absolute
 * weeks: then a window's result depends on what is in it alone, to the last bit, wherever the series was cut.
 */
export type AsOfKernel = (
  inputs: readonly Float64Array[],
  from: number,
  to: number,
  phase: number,
  out: Float64Array,
  at: number,
) => void;

/**
 * The value as of the last week, from no more than the history that the kernel needs.
 * @param kernel to run
 * @param history rows that it reads at most; Infinity for all
 * @returns a function of inputs, first row, row after the last, phase of the first row; NaN for no row
 */
export function latest(
  kernel: AsOfKernel,
  history: number,
): (inputs: readonly Float64Array[], from: number, to: number, phase: number) => number {
  let out = new Float64Array(64);
  return (inputs, from, to, phase) => {
    if (to <= from) return NaN;
    const first = Math.max(from, to - history);
    if (out.length < to - first) out = new Float64Array(2 * (to - first));
    kernel(inputs, first, to, phase + first - from, out, 0);
    return out[to - first - 1]!;
  };
}

/**
 * The remainder that is never negative: weeks before 1970 have negative numbers.
 * @param phase number of a week
 * @param length weeks of a block
 * @returns 0 … length − 1
 */
export function positionInBlock(phase: number, length: number): number {
  const remainder = phase % length;
  return remainder < 0 ? remainder + length : remainder;
}

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
