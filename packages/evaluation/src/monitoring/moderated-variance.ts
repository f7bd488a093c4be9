import { digamma, inverseTrigamma, trigamma } from '@hemline/core/special-functions';

/** Variances that a prior is estimated from, at least. */
const LEAST_VARIANCES = 3;

/** A variance as it was estimated. */
export interface EstimatedVariance {
  readonly variance: number;
  readonly degrees: number;
}

/**
 * The distribution that variances are drawn from: a scaled inverse χ², fitted by the moments of their logs
 * (Smyth 2004, Linear models and empirical Bayes methods …, section 6.2; limma's `fitFDist`).
 * @param estimates variances above 0, each with its degrees of freedom
 * @returns variance and degrees of freedom of the prior: ∞ where the variances differ no more than by chance; 0 degrees where there
 *   are fewer than three
 */
export function fitVariancePrior(estimates: readonly EstimatedVariance[]): EstimatedVariance {
  if (estimates.length < LEAST_VARIANCES) return { variance: NaN, degrees: 0 };
  const logs = estimates.map(
    ({ variance, degrees }) => Math.log(variance) - digamma(degrees / 2) + Math.log(degrees / 2),
  );
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const spread = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const byChance = estimates.reduce((sum, { degrees }) => sum + trigamma(degrees / 2), 0) / logs.length;
  const degrees = spread > byChance ? 2 * inverseTrigamma(spread - byChance) : Infinity;
  if (degrees === Infinity) return { variance: Math.exp(mean), degrees };
  return { variance: Math.exp(mean + digamma(degrees / 2) - Math.log(degrees / 2)), degrees };
}

/**
 * Draws variances toward what is usual (limma's `squeezeVar`): a few windows of one part say little, those of all parts more. What is
 * usual of a part is a multiple, the same for all, of what it was to be expected to have.
 * @param estimates of each part; degrees 0 for a part without any
 * @param expected of each part, in proportion; NaN where not known
 * @param mostPriorDegrees others never count for a part as much as more than so many degrees of freedom of its own
 * @returns moderated variances and their degrees of freedom, NaN and 0 where nothing is known
 */
export function moderateVariances(
  estimates: readonly EstimatedVariance[],
  expected: readonly number[],
  mostPriorDegrees: number,
): EstimatedVariance[] {
  const relative = estimates
    .map(({ variance, degrees }, i) => ({ variance: variance / expected[i]!, degrees }))
    .filter(({ variance, degrees }) => variance > 0 && Number.isFinite(variance) && degrees > 0);
  const prior = fitVariancePrior(relative);
  const priorDegrees = Math.min(prior.degrees, mostPriorDegrees);
  return estimates.map(({ variance, degrees }, i) => {
    const usual = prior.variance * expected[i]!;
    const known = Number.isFinite(usual) ? priorDegrees : 0;
    const total = known + degrees;
    if (total === 0) return { variance: NaN, degrees: 0 };
    const sum = (known === 0 ? 0 : known * usual) + (degrees === 0 ? 0 : degrees * variance);
    return { variance: sum / total, degrees: total };
  });
}
