import type { ArticleProblem } from './article-problem.ts';
import { stepAllowed } from './plan-limits.ts';

/**
 * What a market's past levels mean for its next one: the level of the week before, changes left, weeks until the next change. State
 * ((changes left · waits + weeks to wait) · L + level); one state alone where the market's levels are free from week to week.
 */
export class PathStates {
  free = true;
  levelCount = 1;
  /** States. */
  count = 1;
  /** Weeks to wait that are told apart; a change is followed by waits − 1 weeks without one. */
  waits = 1;
  unlimited = true;
  /** Steps may have any size; then the best change is a running maximum over levels. */
  anySize = true;
  deepenOnly = false;
  /** State in which the first week is met; −1 where the level in the shop is not known. */
  start = -1;
  /** Block of states (state − level) after a first week that is no change, where `start` is −1. */
  firstBlock = 0;
  /** 1 where the step from a level to another is allowed by direction and size [L·L]. */
  step = new Uint8Array(0);

  /**
   * @param problem the article
   * @param market the market whose limits are to be kept
   */
  read(problem: ArticleProblem, market: number): void {
    const { limits, levelCount, weeks } = problem;
    const most = limits.maximumChanges[market];
    const between = Math.min(Math.max(1, limits.weeksBetween[market]), weeks + 1);
    this.levelCount = levelCount;
    this.anySize = limits.largestStep[market] === Infinity;
    this.deepenOnly = limits.deepenOnly[market] === 1;
    this.unlimited = most < 0 || most >= weeks;
    this.waits = between;
    this.free = !this.deepenOnly && this.unlimited && between === 1 && this.anySize;
    const changes = this.unlimited ? 0 : most;
    this.count = this.free ? 1 : levelCount * between * (changes + 1);
    if (this.free) return;
    const since = limits.weeksSinceChange[market];
    const wait = since < 0 ? 0 : Math.max(0, between - since);
    const block = changes * between * levelCount;
    const current = limits.current[market];
    this.start = current < 0 ? -1 : block + wait * levelCount + current;
    this.firstBlock = block + Math.max(0, wait - 1) * levelCount;
    if (this.step.length < levelCount * levelCount) this.step = new Uint8Array(levelCount * levelCount);
    for (let from = 0; from < levelCount; from++) {
      for (let to = 0; to < levelCount; to++) {
        this.step[from * levelCount + to] = stepAllowed(problem, market, from, to) ? 1 : 0;
      }
    }
  }

  /**
   * @param state a state
   * @returns block of the state after a week that keeps the level
   */
  blockKept(state: number): number {
    const { levelCount, waits } = this;
    const block = state - (state % levelCount);
    return (block / levelCount) % waits === 0 ? block : block - levelCount;
  }

  /**
   * @param state a state
   * @returns block of the state after a week that changes the level, −1 where none may
   */
  blockChanged(state: number): number {
    const { levelCount, waits, unlimited } = this;
    const row = (state - (state % levelCount)) / levelCount;
    if (row % waits !== 0) return -1;
    const changes = row / waits;
    if (unlimited) return (waits - 1) * levelCount;
    return changes === 0 ? -1 : ((changes - 1) * waits + waits - 1) * levelCount;
  }

  /**
   * @param state a state; below 0 where the level before is not known
   * @param level level that follows
   * @returns the state after it, −1 where it may not follow
   */
  after(state: number, level: number): number {
    if (this.free) return 0;
    if (state < 0) return this.firstBlock + level;
    const before = state % this.levelCount;
    if (before === level) return this.blockKept(state) + level;
    const block = this.blockChanged(state);
    return block < 0 || this.step[before * this.levelCount + level] !== 1 ? -1 : block + level;
  }
}
