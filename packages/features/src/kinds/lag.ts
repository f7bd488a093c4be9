import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import type { Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { kindOptions, LAG_OPTION, readOptions, type OptionsOf } from './options.ts';
import { fromCutoff } from './shift.ts';

/** Options of `lag`. */
export const LAG = kindOptions('lag', 'any', { lag: LAG_OPTION });

/** How many weeks ago. */
export type LagOptions = OptionsOf<typeof LAG>;

/** The value as of a week is the week's own. */
const copy: AsOfKernel = ([values], from, to, _phase, out, at) => {
  // Series are short: a loop is faster than a view and a call of `set`.
  for (let row = from; row < to; row++) out[at + row - from] = values![row]!;
};

/**
 * The value some weeks ago.
 * @param of which covariate
 * @param options `lag`, 1 by default
 * @returns the feature, such as `demand_lag4`
 */
export function lag(of: Covariate, options: LagOptions = {}): PastFeature {
  const { lag: weeks } = readOptions(LAG, options, of);
  return {
    looks: 'back',
    name: `${of.column}_lag${weeks}`,
    definition: { kind: 'lag', of, lag: weeks },
    reads: [of],
    history: 1,
    kernel: () => copy,
    shift: fromCutoff(weeks),
  };
}
