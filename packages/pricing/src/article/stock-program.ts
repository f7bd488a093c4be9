import { ActionValues } from './action-values.ts';
import { expectedSales } from './expected-sales.ts';
import { FORBIDDEN, PathChoices } from './path-choices.ts';
import type { PathStates } from './path-states.ts';
import { SalesRows } from './sales-rows.ts';
import { StockGrid } from './stock-grid.ts';

const HARDLY = 1e-12;

/**
 * One stock's weeks as a dynamic programme over a grid of stock: in each week one of the actions is chosen (a level of one market,
 * or one for each market of a pool), and the state of the path goes on. Values are piecewise linear on the grid, and lie nowhere
 * below the true ones: on each cell an action's value is raised by the most that it can exceed its chord. So the value of the start
 * is a bound, and a path that follows the values is near the best.
 */
export class StockProgram {
  weeks = 0;
  /** Actions at most in a week. */
  actions = 0;
  /** Actions of a week [T]; 0 ≤ action < count. With path states, the action is the level. */
  count = new Int32Array(0);
  /** 1 where the action may be chosen [T·A]. */
  allowed = new Uint8Array(0);
  /** Demand of all markets together [T·A], units. */
  mean = new Float64Array(0);
  /** (variance − mean) / mean² of it [T·A]. */
  dispersion = new Float64Array(0);
  /** Profit of a unit sold [T·A]. */
  unit = new Float64Array(0);
  certain = false;
  /** Units that arrive before the sales of a week, the stock at the start with the first [T]. */
  inflow = new Float64Array(0);
  /** Cost of a unit left after a week's sales [T]. */
  holding = new Float64Array(0);
  residual = 0;
  readonly grid: StockGrid;
  /** Value of a state at the grid's stocks at the start of a week, inflow included [(T+1)·N·(K+1)]. */
  private values = new Float64Array(0);
  private possible = new Uint8Array(0);
  private readonly rows: SalesRows;
  private readonly actionValues: ActionValues;
  private afterwards = new Float64Array(0);
  private readonly choices = new PathChoices();
  private lowest = new Int32Array(0);
  private highest = new Int32Array(0);
  private states = 1;
  private path: PathStates | undefined;

  /** @param cells cells of the grid */
  constructor(cells: number) {
    this.grid = new StockGrid(cells);
    this.rows = new SalesRows(this.grid);
    this.actionValues = new ActionValues(this.grid, this.rows);
  }

  /**
   * Makes room; then `count`, `allowed`, `mean`, `dispersion`, `unit`, `inflow`, `holding` and `residual` are to be set.
   * @param weeks weeks
   * @param actions actions of a week at most
   */
  size(weeks: number, actions: number): void {
    this.weeks = weeks;
    this.actions = actions;
    if (this.count.length < weeks) {
      this.count = new Int32Array(weeks);
      this.holding = new Float64Array(weeks);
      this.inflow = new Float64Array(weeks + 1);
      this.lowest = new Int32Array(weeks + 1);
      this.highest = new Int32Array(weeks + 1);
    }
    if (this.mean.length < weeks * actions) {
      this.allowed = new Uint8Array(weeks * actions);
      this.mean = new Float64Array(weeks * actions);
      this.dispersion = new Float64Array(weeks * actions);
      this.unit = new Float64Array(weeks * actions);
    }
  }

  /** Tabulates the sales of all actions; to be called once demand, inflow and stock are set. Margins may change afterwards. */
  tabulate(): void {
    const { weeks, actions, grid } = this;
    const width = grid.cells + 1;
    let most = 0;
    for (let week = 0; week < weeks; week++) most += this.inflow[week];
    grid.reach(Math.max(most, HARDLY));
    this.rows.reserve(weeks * actions);
    const { sales } = this.rows;
    let low = 0;
    let high = 0;
    for (let week = 0; week < weeks; week++) {
      low += this.inflow[week];
      high += this.inflow[week];
      // One cell more on either side, so that rounding never reads beyond what is filled.
      const lowest = Math.max(0, grid.cellOf(low) - 1);
      const highest = Math.min(grid.cells, grid.cellOf(high) + 2);
      this.lowest[week] = lowest;
      this.highest[week] = highest;
      low = Infinity;
      high = 0;
      for (let action = 0; action < this.count[week]; action++) {
        const at = week * actions + action;
        if (this.allowed[at] !== 1) continue;
        const row = at * width;
        this.rows.fill(at, this.mean[at], this.dispersion[at], this.certain);
        low = Math.min(low, grid.knots[lowest] - sales[row + lowest]);
        high = Math.max(high, grid.knots[highest] - sales[row + highest]);
      }
      low = Math.max(0, low);
    }
    this.lowest[weeks] = 0;
    this.highest[weeks] = grid.cells;
  }

  /**
   * Values of all states, backwards.
   * @param path what a market's past levels mean; undefined or free where weeks are free from one another
   * @returns a bound on the value from the first week on, `FORBIDDEN` where no plan is allowed
   */
  solve(path: PathStates | undefined): number {
    this.path = path === undefined || path.free ? undefined : path;
    const { weeks, grid } = this;
    const width = grid.cells + 1;
    const states = this.path === undefined ? 1 : this.path.count;
    this.states = states;
    if (this.values.length < (weeks + 1) * states * width) {
      this.values = new Float64Array((weeks + 1) * states * width);
    }
    if (this.possible.length < (weeks + 1) * states) this.possible = new Uint8Array((weeks + 1) * states);
    if (this.afterwards.length < states * width) this.afterwards = new Float64Array(states * width);
    for (let state = 0; state < states; state++) {
      const at = (weeks * states + state) * width;
      for (let knot = 0; knot < width; knot++) this.values[at + knot] = this.residual * grid.knots[knot];
      this.possible[weeks * states + state] = 1;
    }
    for (let week = weeks - 1; week >= 0; week--) {
      if (this.path === undefined) this.freeWeek(week);
      else this.pathWeek(week, this.path);
    }
    return this.bound();
  }

  /**
   * The best actions from the start, by the values.
   * @param chosen receives an action for each week
   * @param start place of the first week's
   */
  follow(chosen: Uint8Array, start: number): void {
    const { weeks, actions, path } = this;
    let stock = this.inflow[0];
    let state = path === undefined ? 0 : path.start;
    for (let week = 0; week < weeks; week++) {
      let best = FORBIDDEN;
      let bestState = 0;
      let bestAction = 0;
      for (let action = 0; action < this.count[week]; action++) {
        if (this.allowed[week * actions + action] !== 1) continue;
        const next = path === undefined ? 0 : path.after(state, action);
        if (next < 0 || this.possible[(week + 1) * this.states + next] !== 1) continue;
        const value = this.valueOf(week, action, next, stock);
        if (value > best) {
          best = value;
          bestState = next;
          bestAction = action;
        }
      }
      chosen[start + week] = bestAction;
      const at = week * actions + bestAction;
      stock -= expectedSales(this.mean[at], this.dispersion[at], this.certain, stock);
      stock = Math.max(0, stock) + (week + 1 < weeks ? this.inflow[week + 1] : 0);
      state = bestState;
    }
  }

  /**
   * @param week week
   * @param action action
   * @param next state of the path after it
   * @param stock units on hand, inflow included
   * @returns value of the action, by the values of the week after
   */
  valueOf(week: number, action: number, next: number, stock: number): number {
    const at = week * this.actions + action;
    const sales = expectedSales(this.mean[at], this.dispersion[at], this.certain, stock);
    const left = Math.max(0, stock - sales);
    return this.unit[at] * sales - this.holding[week] * left + this.valueAt(week + 1, next, left);
  }

  /**
   * @param week week, T for the end
   * @param state state of the path
   * @param left units left from the week before
   * @returns value from that week on
   */
  valueAt(week: number, state: number, left: number): number {
    const stock = left + (week < this.weeks ? this.inflow[week] : 0);
    const { knots } = this.grid;
    const cell = this.grid.cellOf(stock);
    const at = (week * this.states + state) * (this.grid.cells + 1) + cell;
    const part = (stock - knots[cell]) / (knots[cell + 1] - knots[cell]);
    return this.values[at] + part * (this.values[at + 1] - this.values[at]);
  }

  private bound(): number {
    const { path } = this;
    if (path === undefined) return this.possible[0] === 1 ? this.valueAt(0, 0, 0) : FORBIDDEN;
    if (path.start >= 0) {
      return this.possible[path.start] === 1 ? this.valueAt(0, path.start, 0) : FORBIDDEN;
    }
    // Of an unknown past, state 0 of week 0 holds the best first week.
    return this.possible[0] === 1 ? this.valueAt(0, 0, 0) : FORBIDDEN;
  }

  private lead(week: number, action: number): void {
    this.actionValues.lead(
      week * this.actions + action,
      this.lowest[week],
      this.highest[week],
      week + 1 < this.weeks ? this.inflow[week + 1] : 0,
    );
  }

  private freeWeek(week: number): void {
    const { values, grid, afterwards } = this;
    const width = grid.cells + 1;
    const to = week * width;
    const low = this.lowest[week];
    const high = this.highest[week];
    values.fill(FORBIDDEN, to, to + width);
    this.possible[week] = 0;
    if (this.possible[week + 1] !== 1) return;
    this.actionValues.readLater(
      this.values,
      (week + 1) * width,
      this.lowest[week + 1],
      this.highest[week + 1],
    );
    for (let action = 0; action < this.count[week]; action++) {
      if (this.allowed[week * this.actions + action] !== 1) continue;
      this.possible[week] = 1;
      this.lead(week, action);
      this.actionValues.fill(this.unit[week * this.actions + action], this.holding[week], afterwards, 0);
      for (let knot = low; knot <= high; knot++) {
        if (afterwards[knot] > values[to + knot]) values[to + knot] = afterwards[knot];
      }
    }
  }

  private pathWeek(week: number, path: PathStates): void {
    const { afterwards, states, possible, grid } = this;
    const { levelCount } = path;
    const width = grid.cells + 1;
    for (let level = 0; level < levelCount; level++) {
      if (this.allowed[week * this.actions + level] !== 1) continue;
      this.lead(week, level);
      for (let state = level; state < states; state += levelCount) {
        if (possible[(week + 1) * states + state] !== 1) continue;
        this.actionValues.readLater(
          this.values,
          ((week + 1) * states + state) * width,
          this.lowest[week + 1],
          this.highest[week + 1],
        );
        this.actionValues.fill(
          this.unit[week * this.actions + level],
          this.holding[week],
          afterwards,
          state * width,
        );
      }
    }
    this.choices.take({
      ...{ week, path, states, width, afterwards, possible },
      ...{ low: this.lowest[week], high: this.highest[week], values: this.values },
      allowed: this.allowed.subarray(week * this.actions, (week + 1) * this.actions),
    });
  }
}
