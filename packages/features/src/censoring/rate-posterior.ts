import { logGamma } from '@hemline/core/special-functions';
import { gaussHermite } from './gauss-hermite.ts';
import { poissonTail, type PoissonTail } from './poisson-tail.ts';

/** What was seen of one week. */
export interface WeekEvidence {
  /** Units sold of the sizes that were available, and their share of the demand. */
  readonly sold: number;
  readonly share: number;
  /** Of the sizes that were not: how many, their shares, and what was sold of each before it was gone. */
  readonly censored: number;
  readonly censoredShares: Float64Array;
  readonly censoredSold: Float64Array;
}

const NODES = 12;
const NEWTON_STEPS = 60;
/** log Γ of whole counts: nearly all are small, and each is met a thousand times. Nothing reads that of 0. */
const LOG_GAMMAS = Float64Array.from({ length: 1024 }, (_, count) => (count === 0 ? 0 : logGamma(count)));

/**
 * What one week says about the rate λ of demand: log λ is normal a priori, the sizes' demands are independent Poisson counts
 * of means λ · share, of which the available ones are seen and of the others a lower bound (a multinomial split of one
 * Poisson count). The posterior is log-concave; its mode is found by Newton's method and its integrals are taken by
 * Gauss–Hermite quadrature around the mode (Liu & Pierce 1994, Biometrika 81, 624–629). One object serves all weeks.
 */
export class RatePosterior {
  readonly #rule = gaussHermite(NODES);
  readonly #tail: PoissonTail = { logProbability: 0, slope: 0 };
  #logGammas = new Float64Array(8);
  /** Mean and variance of log λ given the week. */
  mean = 0;
  variance = 0;
  /** Log of the probability of what was seen, up to a term that depends on nothing but `sold`. */
  logEvidence = 0;
  /** Expected demand of the censored sizes, each at least what was sold of it. */
  censoredDemand = 0;
  #slope = 0;
  #curvature = 0;
  #demand = 0;

  /**
   * Works out the posterior.
   * @param mean of log λ a priori
   * @param variance of log λ a priori, positive
   * @param week what was seen
   */
  update(mean: number, variance: number, week: WeekEvidence): void {
    this.#prepare(week);
    const mode = this.#mode(mean, variance, week);
    const peak = this.#logDensity(mode, mean, variance, week);
    const spread = 1 / Math.sqrt(-this.#curvature);
    let mass = 0;
    let first = 0;
    let second = 0;
    let demand = 0;
    const { nodes, weights } = this.#rule;
    for (let i = 0; i < NODES; i++) {
      const z = nodes[i]!;
      const density = this.#logDensity(mode + spread * z, mean, variance, week);
      const weight = weights[i]! * Math.exp(density - peak + 0.5 * z * z);
      mass += weight;
      first += weight * z;
      second += weight * z * z;
      demand += weight * this.#demand;
    }
    first /= mass;
    this.mean = mode + spread * first;
    this.variance = spread * spread * Math.max(1e-12, second / mass - first * first);
    this.censoredDemand = demand / mass;
    this.logEvidence = peak + Math.log((spread * mass) / Math.sqrt(variance));
  }

  #prepare({ censored, censoredSold }: WeekEvidence): void {
    if (censored > this.#logGammas.length) this.#logGammas = new Float64Array(2 * censored);
    for (let i = 0; i < censored; i++) {
      const count = censoredSold[i]!;
      this.#logGammas[i] = LOG_GAMMAS[count] ?? logGamma(count);
    }
  }

  /** Newton's method from the right of the mode, where it cannot overshoot by much; steps are bounded all the same. */
  #mode(
    mean: number,
    variance: number,
    { sold, share, censored, censoredSold, censoredShares }: WeekEvidence,
  ): number {
    let at = mean;
    if (sold > 0 && share > 0) at = Math.max(at, Math.log(sold / share));
    for (let i = 0; i < censored; i++)
      if (censoredSold[i]! > 0) at = Math.max(at, Math.log(censoredSold[i]! / censoredShares[i]!));
    // Nothing above this can be the mode: the prior pulls back harder than all counts can push.
    at = Math.min(at, mean + variance * (sold + sumOf(censoredSold, censored)) + 1e-9);
    const week = { sold, share, censored, censoredSold, censoredShares };
    for (let step = 0; step < NEWTON_STEPS; step++) {
      this.#logDensity(at, mean, variance, week);
      const change = -this.#slope / this.#curvature;
      at += Math.max(-2, Math.min(2, change));
      if (Math.abs(change) < 1e-7 / Math.sqrt(-this.#curvature)) break;
    }
    return at;
  }

  /** Log of prior times likelihood, with slope, curvature, and the expected demand of the censored sizes. */
  #logDensity(at: number, mean: number, variance: number, week: WeekEvidence): number {
    const { sold, share, censored, censoredShares, censoredSold } = week;
    const rate = Math.exp(at);
    const off = at - mean;
    let log = (-0.5 * off * off) / variance + sold * at - rate * share;
    let slope = -off / variance + sold - rate * share;
    let curvature = -1 / variance - rate * share;
    let demand = 0;
    const tail = this.#tail;
    for (let i = 0; i < censored; i++) {
      const expected = rate * censoredShares[i]!;
      const count = censoredSold[i]!;
      poissonTail(count, expected, this.#logGammas[i]!, tail);
      log += tail.logProbability;
      slope += tail.slope;
      curvature += tail.slope * (count - expected - tail.slope);
      demand += expected + tail.slope;
    }
    this.#slope = slope;
    this.#curvature = Math.min(curvature, -1 / variance);
    this.#demand = demand;
    return log;
  }
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return sum;
}
