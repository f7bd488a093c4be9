import { RESPONSE_SLOPES } from './response-basis.ts';
import type { ResponseRows } from './response-rows.ts';

/** Weeks after which a week's demand counts half in a level: from the last weeks' noise to the whole life. */
export const HALF_LIVES: readonly number[] = [1, 3, 8, 26];

/** Weeks of its own that count as much as what is expected of its like. */
const PRIOR_WEEKS = 1;

/** The levels of series as they are seen before each week, of one half-life. */
export interface AdjustedLevels {
  /** By row: log of weekly demand without discount. */
  readonly level: Float64Array;
  /** By row and segment: −d level / d slope, the mean reach of the past weeks, each weighted by the demand expected of it. */
  readonly pastReach: Float32Array;
}

/**
 * What past demand says of a week's demand without discount: demand summed over what discounts made of it,
 *
 *   level_t = log((κ m + Σ_j ρ^j q_{t−j}) / (κ + Σ_j ρ^j exp(lift_{t−j}))),
 *
 * the mean of a Gamma–Poisson filter that forgets by ρ a week (West & Harrison 1997, Bayesian Forecasting and Dynamic
 * Models, section 14.4). Weeks of zero units count as what they are; weeks that are not known pass without a trace.
 * @param rows of the series
 * @param lift of each row's discount; NaN where it is not known
 * @param reach of each row, {@link RESPONSE_SLOPES} numbers a row
 * @param prior m of each series: units expected in a week
 * @param halfLife in weeks
 * @returns levels as of the week before each row
 */
export function adjustedLevels(
  { offsets, demand }: Pick<ResponseRows, 'offsets' | 'demand'>,
  lift: Float64Array,
  reach: Float32Array,
  prior: Float64Array,
  halfLife: number,
): AdjustedLevels {
  const kept = 2 ** (-1 / halfLife);
  const level = new Float64Array(demand.length);
  const pastReach = new Float32Array(demand.length * RESPONSE_SLOPES);
  const reached = new Float64Array(RESPONSE_SLOPES);
  for (let s = 0; s + 1 < offsets.length; s++) {
    let units = 0;
    let weeks = 0;
    reached.fill(0);
    for (let row = offsets[s]!; row < offsets[s + 1]!; row++) {
      level[row] = Math.log((units + PRIOR_WEEKS * prior[s]!) / (weeks + PRIOR_WEEKS));
      for (let k = 0; k < RESPONSE_SLOPES; k++)
        pastReach[row * RESPONSE_SLOPES + k] = reached[k]! / (weeks + PRIOR_WEEKS);
      const isKnown = !Number.isNaN(demand[row]!) && !Number.isNaN(lift[row]!);
      const factor = isKnown ? Math.exp(lift[row]!) : 0;
      units = kept * (units + (isKnown ? demand[row]! : 0));
      weeks = kept * (weeks + factor);
      for (let k = 0; k < RESPONSE_SLOPES; k++)
        reached[k] = kept * (reached[k]! + (isKnown ? factor * reach[row * RESPONSE_SLOPES + k]! : 0));
    }
  }
  return { level, pastReach };
}
