import { RatePosterior, type WeekEvidence } from './rate-posterior.ts';

/** How demand moves from week to week, the same for all series. Logarithms are natural. */
export interface LevelDynamics {
  /** What is added to the log of the level every week, and the variance of its steps around that. */
  readonly drift: number;
  readonly stepVariance: number;
  /** Variance of the passing deviation from the level, in logs, and how much of it is left after a week, 0 to 1. */
  readonly swingVariance: number;
  readonly persistence: number;
  /** Variance of what is peculiar to one week, in logs. */
  readonly weekVariance: number;
  /** d log demand / d (−log(1 − discount)). */
  readonly elasticity: number;
}

/**
 * What a discount adds to the log of demand.
 * @param dynamics with the elasticity
 * @param discount in [0, 1); missing counts as none
 * @returns −elasticity · log(1 − discount)
 */
export function discountLift({ elasticity }: LevelDynamics, discount: number): number {
  return discount > 0 ? -elasticity * Math.log1p(-discount) : 0;
}

/** Numbers that a series' state takes: means of level and swing, their variances, and the covariance between. */
export const STATE_WIDTH = 5;

/**
 * Follows one series after another through its weeks. The log of a week's rate of demand is a level, which is a random walk
 * with drift, plus a swing that dies away (first-order autoregression), plus what is peculiar to the week, plus
 * −elasticity · log(1 − discount); all normal. Units are Poisson counts of that rate, of which sold-out sizes show only a
 * lower bound ({@link RatePosterior}). This is a structural time series model (Harvey 1989, Forecasting, structural time
 * series models and the Kalman filter, chapter 2) of counts; the posterior of each week's rate is replaced by the normal of
 * the same mean and variance (assumed density filtering: Maybeck 1982, Stochastic models, estimation and control, volume
 * 2, chapter 12). Without the swing, a series that is sold out for long would be taken to stay where luck had brought it.
 * A week's estimate depends on nothing later than the week.
 */
export class LevelFilter {
  readonly #dynamics: LevelDynamics;
  /** What the last week said. */
  readonly posterior = new RatePosterior();

  /** @param dynamics of all series */
  constructor(dynamics: LevelDynamics) {
    this.#dynamics = dynamics;
  }

  /**
   * Begins a series; before its first {@link step}.
   * @param state of the series; overwritten
   * @param at position of its {@link STATE_WIDTH} numbers in `state`
   * @param mean of the log of the level a priori
   * @param variance of that
   */
  begin(state: Float64Array, at: number, mean: number, variance: number): void {
    state[at] = mean;
    state[at + 1] = 0;
    state[at + 2] = variance;
    state[at + 3] = this.#dynamics.swingVariance;
    state[at + 4] = 0;
  }

  /**
   * Moves a series on and learns from a week. What the week says is in {@link posterior} then.
   * @param state of the series after the week before; overwritten
   * @param at position of its {@link STATE_WIDTH} numbers in `state`
   * @param elapsed weeks since then; 0 for a series' first week
   * @param lift what the discount adds to the log of demand
   * @param week what was seen
   */
  step(state: Float64Array, at: number, elapsed: number, lift: number, week: WeekEvidence): void {
    const { weekVariance } = this.#dynamics;
    if (elapsed > 0) this.#predict(state, at, elapsed);
    const [level, swing, shared] = [state[at + 2]!, state[at + 3]!, state[at + 4]!];
    const mean = state[at]! + state[at + 1]! + lift;
    const total = level + 2 * shared + swing + weekVariance;
    this.posterior.update(mean, total, week);
    // State and rate are jointly normal a priori: what is learnt of the rate is passed on in proportion.
    const levelGain = (level + shared) / total;
    const swingGain = (swing + shared) / total;
    const learnt = this.posterior.mean - mean;
    const resolved = total - this.posterior.variance;
    state[at]! += levelGain * learnt;
    state[at + 1]! += swingGain * learnt;
    state[at + 2] = level - levelGain * levelGain * resolved;
    state[at + 3] = swing - swingGain * swingGain * resolved;
    state[at + 4] = shared - levelGain * swingGain * resolved;
  }

  #predict(state: Float64Array, at: number, elapsed: number): void {
    const { drift, stepVariance, swingVariance, persistence } = this.#dynamics;
    const left = persistence ** elapsed;
    state[at]! += elapsed * drift;
    state[at + 1]! *= left;
    state[at + 2]! += elapsed * stepVariance;
    state[at + 3] = left * left * state[at + 3]! + (1 - left * left) * swingVariance;
    state[at + 4]! *= left;
  }
}
