import type { AsOfKernel } from './as-of-kernel.ts';

/**
 * Exponentially weighted mean of all weeks so far: a value that is k weeks old weighs (1 − alpha)^k, missing weeks weigh
 * nothing and let the others age (pandas' `ewm(adjust=True, ignore_na=False)`).
 * @param alpha weight of the newest, 0 < alpha <= 1
 * @param minSamples values that there must be so far, else NaN
 * @returns the kernel
 */
export function exponentialMean(alpha: number, minSamples: number): AsOfKernel {
  return ([x], from, to, _phase, out, at) => {
    const [values, decay, least, shift] = [x!, 1 - alpha, minSamples, at - from];
    let sum = 0;
    let weight = 0;
    let count = 0;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      sum *= decay;
      weight *= decay;
      if (value === value) {
        sum += value;
        weight += 1;
        count++;
      }
      // Of values that weigh nothing any more, 0 / 0 is NaN.
      out[row + shift] = count < least ? NaN : sum / weight;
    }
  };
}
