/** How an article's demand grows after its launch and fades afterwards. */
export interface LifeCycle {
  /** Weeks in which demand grows to 63 % of what it would be at once. */
  readonly rampWeeks: number;
  /** Share by which demand falls every week. */
  readonly decay: number;
}

/**
 * @param lifeCycle the article's parameters in the market
 * @param age full weeks since the launch, from 0
 * @returns factor on demand: (1 − exp(−(age + 1) / rampWeeks)) · exp(−decay · age)
 */
export function lifeCycleFactor(lifeCycle: LifeCycle, age: number): number {
  return -Math.expm1(-(age + 1) / lifeCycle.rampWeeks) * Math.exp(-lifeCycle.decay * age);
}
