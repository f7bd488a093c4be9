import type { ArticleProblem } from './article-problem.ts';
import type { ConcaveProgram } from './concave-program.ts';
import { expectedSales } from './expected-sales.ts';
import { JointActions } from './joint-actions.ts';

/** Evaluations of an action at a stock, about, that an article is worth. */
const WORK = 12_000;
const MOST_STATES = 64;
/** Stocks that are told apart: of each the best state is kept. */
const BINS = 512;

/**
 * Plans of one stock whose weeks are free, many at a time: from week to week the states are kept that promise most, each reached by
 * a plan of its own, what they promise being what the plan has earned and a bound on the rest. Where a single level weighs much, the
 * bound's mixtures of levels lead a single plan astray.
 */
export class StateBeam {
  private readonly actions = new JointActions();
  private states = 0;
  /** Units left, profit until then, and units to come back by week, of each state. */
  private left = new Float64Array(MOST_STATES);
  private earned = new Float64Array(MOST_STATES);
  private arriving = new Float64Array(0);
  private nextLeft = new Float64Array(MOST_STATES);
  private nextEarned = new Float64Array(MOST_STATES);
  private nextArriving = new Float64Array(0);
  /** Best of each bin: what it promises, its action and the state before. */
  private readonly promise = new Float64Array(BINS + 1);
  private readonly binAction = new Int32Array(BINS + 1);
  private readonly binState = new Int32Array(BINS + 1);
  private readonly binSold = new Float64Array(BINS + 1);
  private readonly binLeft = new Float64Array(BINS + 1);
  private readonly binEarned = new Float64Array(BINS + 1);
  /** Action and state before of each state of each week [T·MOST_STATES]. */
  private action = new Int32Array(0);
  private before = new Int32Array(0);

  /**
   * @param problem the article
   * @param stock one of its stocks, whose markets' weeks are free from one another
   * @param markets markets of the stock
   * @param program the values of its weeks, as a bound has them
   * @param worth worth of a unit at the start of a week, and at the end [T+1]
   * @param level receives the best plan found [M·T]
   * @returns whether the article is small enough to be searched so; if not, `level` is left alone
   */
  search(
    problem: ArticleProblem,
    stock: number,
    markets: readonly number[],
    program: ConcaveProgram,
    worth: Float64Array,
    level: Uint8Array,
  ): boolean {
    const { weeks } = problem;
    const { actions } = this;
    const most = actions.most(problem, markets);
    const width = Math.min(MOST_STATES, Math.floor(WORK / (weeks * most)));
    if (width < 2) return false;
    this.reserve(weeks);
    let total = problem.stock[stock];
    for (let week = 0; week < weeks; week++) total += problem.deliveries[stock * weeks + week];
    this.states = 1;
    this.left[0] = problem.stock[stock];
    this.earned[0] = 0;
    this.arriving.fill(0, 0, weeks + 1);
    for (let week = 0; week < weeks; week++) {
      actions.read(problem, markets, week);
      this.expand(problem, stock, week, BINS / Math.max(total, 1e-9), program, worth);
      this.keepBest(week, weeks, width);
    }
    let state = 0;
    for (let week = weeks - 1; week >= 0; week--) {
      const at = week * MOST_STATES + state;
      actions.read(problem, markets, week);
      actions.write(this.action[at], markets, weeks, week, level);
      state = this.before[at];
    }
    return true;
  }

  private reserve(weeks: number): void {
    if (this.action.length >= weeks * MOST_STATES) return;
    this.action = new Int32Array(weeks * MOST_STATES);
    this.before = new Int32Array(weeks * MOST_STATES);
    this.arriving = new Float64Array((weeks + 1) * MOST_STATES);
    this.nextArriving = new Float64Array((weeks + 1) * MOST_STATES);
  }

  private expand(
    problem: ArticleProblem,
    stock: number,
    week: number,
    perUnit: number,
    program: ConcaveProgram,
    worth: Float64Array,
  ): void {
    const { weeks, certain } = problem;
    const { actions, promise, arriving } = this;
    const delivered = problem.deliveries[stock * weeks + week];
    const holding = problem.holding[stock * weeks + week];
    promise.fill(-Infinity);
    for (let state = 0; state < this.states; state++) {
      const coming = state * (weeks + 1);
      const available = this.left[state] + delivered + arriving[coming + week];
      let later = 0;
      for (let arrival = week + 2; arrival <= weeks; arrival++) {
        later += worth[arrival] * arriving[coming + arrival];
      }
      for (let action = 0; action < actions.count; action++) {
        const sold = expectedSales(actions.mean[action], actions.dispersion[action], certain, available);
        const left = Math.max(0, available - sold);
        const earned = this.earned[state] + actions.margin[action] * sold - holding * left;
        const next = arriving[coming + week + 1] + sold * actions.returnsNext[action];
        const rest =
          week + 1 < weeks ? program.valueAt(week + 1, left + next) : problem.residual[stock] * (left + next);
        const promised = earned + rest + later + sold * actions.creditLater(action, week, weeks, worth);
        const bin = Math.min(BINS, Math.round(left * perUnit));
        if (promised <= promise[bin]) continue;
        promise[bin] = promised;
        this.binAction[bin] = action;
        this.binState[bin] = state;
        this.binSold[bin] = sold;
        this.binLeft[bin] = left;
        this.binEarned[bin] = earned;
      }
    }
  }

  /** The best bins become states, what comes back with them. */
  private keepBest(week: number, weeks: number, width: number): void {
    const { promise, actions } = this;
    const order: number[] = [];
    for (let bin = 0; bin <= BINS; bin++) if (promise[bin] > -Infinity) order.push(bin);
    order.sort((one, other) => promise[other] - promise[one] || one - other);
    const kept = Math.min(width, order.length);
    const { nextLeft, nextEarned, nextArriving, left, earned, arriving } = this;
    for (let state = 0; state < kept; state++) {
      const bin = order[state];
      const from = this.binState[bin];
      nextLeft[state] = this.binLeft[bin];
      nextEarned[state] = this.binEarned[bin];
      const at = state * (weeks + 1);
      for (let arrival = week + 1; arrival <= weeks; arrival++) {
        nextArriving[at + arrival] = arriving[from * (weeks + 1) + arrival];
      }
      actions.giveBack(this.binAction[bin], this.binSold[bin], week, weeks, nextArriving, at);
      this.action[week * MOST_STATES + state] = this.binAction[bin];
      this.before[week * MOST_STATES + state] = from;
    }
    this.states = kept;
    this.left = nextLeft;
    this.earned = nextEarned;
    this.arriving = nextArriving;
    this.nextLeft = left;
    this.nextEarned = earned;
    this.nextArriving = arriving;
  }
}
