import type { AsOfKernel } from './as-of-kernel.ts';

/**
 * Weeks since the value was last above zero: 0 in such a week. NaN before anything is known.
 * @param limit the most that is told: also where it has been longer, or never
 * @returns the kernel
 */
export function weeksSince(limit: number): AsOfKernel {
  return ([x], from, to, _phase, out, at) => {
    const values = x!;
    let since = NaN;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      if (value > 0) since = 0;
      else if (since === since) since = since < limit ? since + 1 : limit;
      // Nothing sold so far, but something is known.
      else if (value === value) since = limit;
      out[at + row - from] = since;
    }
  };
}
