/**
 * The likelihood of cohorts whose returns are still arriving. A unit comes back with probability p = 1 / (1 + exp(−s)), and if
 * so, has done by now with probability F. Of n units r are back:
 *
 *   ℓ(s) = r log(p F) + (n − r) log(1 − p F)
 *
 * (a cure model with known latency: Maller & Zhou 1996, Survival Analysis with Long-Term Survivors). With F = 1 it is the
 * binomial likelihood. A young cohort says little (F is small), and what it says is not biased.
 */
export interface CohortSample {
  readonly units: Float32Array;
  readonly returned: Float32Array;
  /** F of each cohort, in (0, 1]. */
  readonly maturity: Float32Array;
}

/**
 * Derivatives of the negative log likelihood by the scores; for the second one, its expectation (Fisher information), which
 * is never negative.
 * @param sample cohorts
 * @param scores s of each
 * @param gradient receives the first derivatives
 * @param hessian receives the second ones
 */
export function derivatives(
  { units, returned, maturity }: CohortSample,
  scores: Float64Array,
  gradient: Float32Array,
  hessian: Float32Array,
): void {
  for (let row = 0; row < scores.length; row++) {
    const p = 1 / (1 + Math.exp(-scores[row]!));
    const share = maturity[row]!;
    const stay = 1 - p * share;
    const open = units[row]! - returned[row]!;
    // With F = 1 all of p (1 − p) / (1 − p) is p, also where p is 1 in floating point.
    const ratio = share === 1 ? p : (share * p * (1 - p)) / stay;
    gradient[row] = open * ratio - returned[row]! * (1 - p);
    hessian[row] = share === 1 ? units[row]! * p * (1 - p) : units[row]! * ratio * (1 - p);
  }
}

/**
 * Mean negative log likelihood of a unit, without the constant of F.
 * @param sample cohorts
 * @param scores s of each
 * @returns nats a unit; NaN without units
 */
export function logLoss({ units, returned, maturity }: CohortSample, scores: Float64Array): number {
  let sum = 0;
  let mass = 0;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    const p = 1 / (1 + Math.exp(-score));
    const share = maturity[row]!;
    // log p and log(1 − p) without cancellation.
    const logBack = score > 0 ? -Math.log1p(Math.exp(-score)) : score - Math.log1p(Math.exp(score));
    const logStay = share === 1 ? logBack - score : Math.log1p(-p * share);
    sum -= returned[row]! * logBack + (units[row]! - returned[row]!) * logStay;
    mass += units[row]!;
  }
  return sum / mass;
}
