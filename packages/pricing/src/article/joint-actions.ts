import type { ArticleProblem } from './article-problem.ts';

/** What the markets of one stock can do together in one week: a level each, every one that is allowed. */
export class JointActions {
  count = 0;
  /** Demand of all markets, (variance − mean) / mean² of it, and profit of a unit sold [A]. */
  mean = new Float64Array(0);
  dispersion = new Float64Array(0);
  margin = new Float64Array(0);
  /** Units of one sold that come back before the next week [A]. */
  returnsNext = new Float64Array(0);
  /** The same by lag [A·lags]. */
  private returns = new Float64Array(0);
  private level = new Uint8Array(0);
  private lags = 0;

  /**
   * @param problem the article
   * @param markets markets of the stock
   * @returns actions of a week at most, whatever is allowed
   */
  most({ levelCount }: ArticleProblem, markets: readonly number[]): number {
    return levelCount ** markets.length;
  }

  /**
   * Reads a week.
   * @param problem the article
   * @param markets markets of the stock
   * @param week the week
   */
  read(problem: ArticleProblem, markets: readonly number[], week: number): void {
    const { weeks, levelCount, lags } = problem;
    const most = this.most(problem, markets);
    const own = markets.length;
    this.lags = lags;
    if (this.mean.length < most || this.level.length < most * own || this.returns.length < most * lags) {
      this.mean = new Float64Array(most);
      this.dispersion = new Float64Array(most);
      this.margin = new Float64Array(most);
      this.returnsNext = new Float64Array(most);
      this.returns = new Float64Array(most * lags);
      this.level = new Uint8Array(most * own);
    }
    this.count = 0;
    for (let code = 0; code < most; code++) {
      let rest = code;
      let isAllowed = true;
      for (let index = 0; index < own && isAllowed; index++) {
        const chosen = rest % levelCount;
        rest = (rest - chosen) / levelCount;
        this.level[this.count * own + index] = chosen;
        isAllowed = problem.limits.allowed[(markets[index] * weeks + week) * levelCount + chosen] === 1;
      }
      if (isAllowed) this.add(problem, markets, week);
    }
  }

  private add(problem: ArticleProblem, markets: readonly number[], week: number): void {
    const { weeks, levelCount, lags, demand, margin, returnRate, returnLag } = problem;
    const action = this.count++;
    let mean = 0;
    let square = 0;
    let profit = 0;
    this.returns.fill(0, action * lags, (action + 1) * lags);
    for (let index = 0; index < markets.length; index++) {
      const at = markets[index] * weeks + week;
      const place = at * levelCount + this.level[action * markets.length + index];
      const units = demand[place];
      mean += units;
      square += problem.dispersion[at] * units * units;
      profit += units * margin[place];
      for (let lag = 0; lag < lags; lag++) {
        this.returns[action * lags + lag] +=
          units * returnRate[place] * returnLag[markets[index] * lags + lag];
      }
    }
    const perUnit = mean > 0 ? 1 / mean : 0;
    this.mean[action] = mean;
    this.dispersion[action] = square * perUnit * perUnit;
    this.margin[action] = profit * perUnit;
    for (let lag = 0; lag < lags; lag++) this.returns[action * lags + lag] *= perUnit;
    this.returnsNext[action] =
      (lags > 0 ? this.returns[action * lags] : 0) + (lags > 1 ? this.returns[action * lags + 1] : 0);
  }

  /**
   * @param action an action of the week
   * @param week the week
   * @param weeks weeks
   * @param worth worth of a unit at the start of a week, and at the end [T+1]
   * @returns worth of what comes back of one unit sold later than before the next week
   */
  creditLater(action: number, week: number, weeks: number, worth: Float64Array): number {
    let credit = 0;
    for (let lag = 2; lag < this.lags; lag++) {
      credit += this.returns[action * this.lags + lag] * worth[Math.min(weeks, week + lag)];
    }
    return credit;
  }

  /**
   * Adds what comes back to the weeks in which it does.
   * @param action an action of the week
   * @param sold units
   * @param week the week
   * @param weeks weeks
   * @param arriving units by week, and after the last [T+1]
   * @param start place of the first week's
   */
  giveBack(
    action: number,
    sold: number,
    week: number,
    weeks: number,
    arriving: Float64Array,
    start: number,
  ): void {
    for (let lag = 0; lag < this.lags; lag++) {
      const arrival = Math.min(weeks, week + Math.max(1, lag));
      arriving[start + arrival] += sold * this.returns[action * this.lags + lag];
    }
  }

  /**
   * @param action an action of the week
   * @param markets markets of the stock
   * @param weeks weeks
   * @param week the week
   * @param level receives its levels [M·T]
   */
  write(action: number, markets: readonly number[], weeks: number, week: number, level: Uint8Array): void {
    for (let index = 0; index < markets.length; index++) {
      level[markets[index] * weeks + week] = this.level[action * markets.length + index];
    }
  }
}
