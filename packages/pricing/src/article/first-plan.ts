import type { ArticleProblem } from './article-problem.ts';
import { inOrder } from './plan-limits.ts';
import { PathStates } from './path-states.ts';

/** Choices after which the search for a plan gives up. */
const MOST_CHOICES = 400_000;

/**
 * A plan that keeps all limits, price order included, near a given one: week by week, market by market, levels nearest to the given
 * ones first, and back where it leads nowhere. A market's own limits never lead nowhere: which states of its path can be completed
 * is known beforehand.
 */
export class FirstPlan {
  private readonly paths: PathStates[] = [];
  private possible: Uint8Array[] = [];
  private states = new Int32Array(0);
  private choices = 0;
  private problem!: ArticleProblem;
  private wanted = new Uint8Array(0);

  /**
   * @param problem the article
   * @param level levels to stay near to; receives the plan [M·T]
   * @returns 'found', 'none' where no plan keeps the limits, 'unknown' where the search was given up
   */
  make(problem: ArticleProblem, level: Uint8Array): 'found' | 'none' | 'unknown' {
    const { markets, weeks } = problem;
    this.problem = problem;
    this.wanted = level.slice(0, markets * weeks);
    this.states = new Int32Array(markets * (weeks + 1));
    this.choices = 0;
    for (let market = 0; market < markets; market++) {
      if (this.paths.length <= market) this.paths.push(new PathStates());
      this.paths[market].read(problem, market);
      this.possible[market] = this.completable(market);
      this.states[market * (weeks + 1)] = this.paths[market].free ? 0 : this.paths[market].start;
    }
    if (this.place(level, 0, 0)) return 'found';
    level.set(this.wanted);
    return this.choices > MOST_CHOICES ? 'unknown' : 'none';
  }

  /** 1 where a market's path can be completed from a state in which a week is met [(T+1)·N]. */
  private completable(market: number): Uint8Array {
    const { weeks, levelCount } = this.problem;
    const count = this.paths[market].count;
    const possible = new Uint8Array((weeks + 1) * count).fill(1, weeks * count);
    for (let week = weeks - 1; week >= 0; week--) {
      for (let state = 0; state < count; state++) {
        for (let level = 0; level < levelCount; level++) {
          const next = this.next(market, week, state, level);
          if (next >= 0 && possible[(week + 1) * count + next] === 1) possible[week * count + state] = 1;
        }
      }
    }
    return possible;
  }

  /** State after a level, −1 where the level may not follow. */
  private next(market: number, week: number, state: number, level: number): number {
    const { problem } = this;
    const at = (market * problem.weeks + week) * problem.levelCount + level;
    return problem.limits.allowed[at] === 1 ? this.paths[market].after(state, level) : -1;
  }

  private place(level: Uint8Array, week: number, market: number): boolean {
    const { problem, states, wanted } = this;
    const { markets, weeks, levelCount } = problem;
    if (week === weeks) return true;
    if (market === markets) return this.place(level, week + 1, 0);
    const at = market * weeks + week;
    const state = states[market * (weeks + 1) + week];
    const count = this.paths[market].count;
    for (let distance = 0; distance < levelCount; distance++) {
      for (const own of distance === 0 ? [wanted[at]] : [wanted[at] + distance, wanted[at] - distance]) {
        if (own < 0 || own >= levelCount) continue;
        const next = this.next(market, week, state, own);
        if (next < 0 || this.possible[market][(week + 1) * count + next] !== 1) continue;
        level[at] = own;
        if (!this.fits(level, week, market)) continue;
        if (++this.choices > MOST_CHOICES) return false;
        states[market * (weeks + 1) + week + 1] = next;
        if (this.place(level, week, market + 1)) return true;
      }
    }
    return false;
  }

  /** Whether a market's price is in order with those of the markets placed before it. */
  private fits(level: Uint8Array, week: number, market: number): boolean {
    const { weeks, levelCount, limits } = this.problem;
    const { priceOrder, price } = limits;
    const priceOf = (other: number): number =>
      price[(other * weeks + week) * levelCount + level[other * weeks + week]];
    for (let pair = 0; pair < limits.pricePairs; pair++) {
      const low = priceOrder[2 * pair];
      const high = priceOrder[2 * pair + 1];
      if (Math.max(low, high) !== market) continue;
      if (!inOrder(priceOf(low), priceOf(high))) return false;
    }
    return true;
  }
}
