import { concaveMajorant } from './concave-majorant.ts';
import { expectedSales } from './expected-sales.ts';
import { SalesRows } from './sales-rows.ts';
import { StockGrid } from './stock-grid.ts';
import type { WeekOffer } from './week-offer.ts';

/**
 * One stock's weeks as a dynamic programme whose values are kept concave in stock. A concave value lies below each of its tangents,
 * and below a tangent (a price w of the unit in stock) a week's best joint choice is the one with the largest profit at that price,
 * market by market: whatever the number of markets, a cell of the grid costs a handful of operations. Values lie nowhere below the
 * true ones: the start's is a bound on every plan. It allows what a plan may not: to mix the choices of a week, and to sell less
 * than is asked where selling loses at the price of the stock.
 */
export class ConcaveProgram {
  readonly grid: StockGrid;
  weeks = 0;
  /** Units that arrive before a week's sales, the stock at the start with the first [T]. */
  inflow = new Float64Array(0);
  /** Cost of a unit left after a week's sales [T]. */
  holding = new Float64Array(0);
  residual = 0;
  certain = false;
  /** Units come back at any time, in any number, at the price of `worth`; what returns is credited with it by the caller. */
  returning = false;
  /** Price of a unit that comes back before the sales of a week [T]. */
  worth = new Float64Array(0);
  /** Value at the knots at the start of a week, inflow and returns included [(T+1)·(K+1)]. */
  private values = new Float64Array(0);
  private readonly rows: SalesRows;
  private filled = new Uint8Array(0);
  private lowest = new Int32Array(0);
  private highest = new Int32Array(0);
  private tangent = new Float64Array(0);
  private later = new Float64Array(0);
  private stack = new Int32Array(0);
  private ends = new Float64Array(2);

  /** @param cells cells of the grid */
  constructor(cells: number) {
    this.grid = new StockGrid(cells);
    this.rows = new SalesRows(this.grid);
    this.tangent = new Float64Array(cells);
    this.later = new Float64Array(cells + 1);
    this.stack = new Int32Array(cells + 1);
  }

  /** @param weeks weeks to make room for; then inflow, holding, residual are to be set, and {@link begin} called */
  size(weeks: number): void {
    this.weeks = weeks;
    if (this.inflow.length >= weeks) return;
    this.inflow = new Float64Array(weeks);
    this.holding = new Float64Array(weeks);
    this.worth = new Float64Array(weeks);
    this.lowest = new Int32Array(weeks + 1);
    this.highest = new Int32Array(weeks + 1);
    this.values = new Float64Array((weeks + 1) * (this.grid.cells + 1));
  }

  /**
   * Lays the grid, and finds what stocks can be met.
   * @param mostDemand most units that can be asked for in a week [T]
   * @param leastDemand fewest [T]
   * @param mostDispersion largest dispersion of demand in any week
   */
  begin(mostDemand: Float64Array, leastDemand: Float64Array, mostDispersion: number): void {
    const { weeks, grid, inflow } = this;
    let total = 0;
    for (let week = 0; week < weeks; week++) total += inflow[week];
    grid.reach(Math.max(total, 1e-9));
    let low = 0;
    let high = 0;
    for (let week = 0; week < weeks; week++) {
      low += inflow[week];
      high += inflow[week];
      this.lowest[week] = Math.max(0, grid.cellOf(low) - 1);
      this.highest[week] = Math.min(grid.cells, grid.cellOf(high) + 2);
      low = Math.max(0, grid.knots[this.lowest[week]] - mostDemand[week]);
      if (this.returning) continue;
      high = grid.knots[this.highest[week]];
      high -= expectedSales(leastDemand[week], mostDispersion, this.certain, high);
    }
    this.lowest[weeks] = 0;
    this.highest[weeks] = grid.cells;
    const at = weeks * (grid.cells + 1);
    for (let knot = 0; knot <= grid.cells; knot++) this.values[at + knot] = this.residual * grid.knots[knot];
  }

  /** @returns the bound on the value of the first week on */
  bound(): number {
    return this.valueAt(0, 0);
  }

  /**
   * @param week week, T for the end
   * @param left units left from the week before, and returned since
   * @returns value from that week on
   */
  valueAt(week: number, left: number): number {
    const stock = left + (week < this.weeks ? this.inflow[week] : 0);
    const { knots, perUnit } = this.grid;
    const cell = this.grid.cellOf(stock);
    const at = week * (this.grid.cells + 1) + cell;
    return this.values[at] + (stock - knots[cell]) * perUnit[cell] * (this.values[at + 1] - this.values[at]);
  }

  /**
   * @param week week, T for the end
   * @param left units left from the week before, and returned since
   * @returns worth of a further unit
   */
  slopeAt(week: number, left: number): number {
    const stock = left + (week < this.weeks ? this.inflow[week] : 0);
    const cell = this.grid.cellOf(stock);
    const at = week * (this.grid.cells + 1) + cell;
    return (this.values[at + 1] - this.values[at]) * this.grid.perUnit[cell];
  }

  /**
   * Values of a week from those of the week after; weeks are to be solved from the last to the first.
   * @param week week
   * @param offer what the markets can do in it, `holding` added to the profit of a unit sold
   */
  solveWeek(week: number, offer: WeekOffer): void {
    const { grid, values, later, tangent } = this;
    const { knots } = grid;
    const width = grid.cells + 1;
    const inflow = week + 1 < this.weeks ? this.inflow[week + 1] : 0;
    this.prepareLater(week + 1);
    const terms = offer.count + offer.points;
    this.rows.reserve(terms);
    if (this.filled.length < terms) this.filled = new Uint8Array(terms);
    this.filled.fill(0, 0, terms);
    const low = this.lowest[week];
    const high = this.highest[week];
    const at = week * width;
    values.fill(-Infinity, at + low, at + high + 1);
    let place = this.lowest[week + 1];
    const lastPlace = this.highest[week + 1] - 1;
    let price = tangent[place];
    let best = 0;
    const { mean, slope: slopes, served } = offer;
    const holding = this.holding[week];
    for (let knot = low; knot < high; knot++) {
      // The more stock, the lower its price: the price falls until what the best choice leaves lies where a unit is worth just that.
      const middle = (knots[knot] + knots[knot + 1]) / 2;
      for (;;) {
        const slope = slopes[best];
        if (slope > price) {
          best++;
          continue;
        }
        const sales = middle >= served[best] ? mean[best] : this.cornerSales(offer, best, knot);
        if (place >= lastPlace || middle - sales + inflow <= knots[place + 1]) break;
        // Between the slopes of two cells, every price touches the values at the knot between them.
        if (slope >= tangent[place + 1]) {
          price = slope;
          best++;
        } else {
          place++;
          price = tangent[place];
        }
      }
      this.weekAtPrice(offer, best, price, knot);
      const base = later[place + 1] + price * (inflow - knots[place + 1]);
      const left = base + (price - holding) * knots[knot] + this.ends[0];
      const right = base + (price - holding) * knots[knot + 1] + this.ends[1];
      if (left > values[at + knot]) values[at + knot] = left;
      if (right > values[at + knot + 1]) values[at + knot + 1] = right;
    }
    concaveMajorant(values, at, grid, low, high, this.stack);
  }

  /** Values of the week after before units come back, and their slopes: a unit that may come back at a price is worth no more. */
  private prepareLater(week: number): void {
    const { grid, values, later, tangent } = this;
    const at = week * (grid.cells + 1);
    const low = this.lowest[week];
    const high = this.highest[week];
    const most = this.returning && week < this.weeks ? this.worth[week] : Infinity;
    later[high] = values[at + high];
    for (let knot = high - 1; knot >= low; knot--) {
      const slope = Math.min(most, (values[at + knot + 1] - values[at + knot]) * grid.perUnit[knot]);
      tangent[knot] = slope;
      later[knot] = later[knot + 1] - slope / grid.perUnit[knot];
    }
  }

  /** Sales of a corner at a knot. */
  private cornerSales(offer: WeekOffer, index: number, knot: number): number {
    return this.rows.sales[this.row(offer, index) + knot];
  }

  /** Place of a corner's row, or, from `offer.count` on, of a point's. */
  private row(offer: WeekOffer, term: number): number {
    if (this.filled[term] === 0) {
      const point = term - offer.count;
      if (point < 0) this.rows.fill(term, offer.mean[term], offer.leastDispersion, this.certain);
      else this.rows.fill(term, offer.pointMean[point], offer.pointDispersion[point], this.certain);
      this.filled[term] = 1;
    }
    return term * (this.grid.cells + 1);
  }

  /** The most that a week's sales can earn above the price, at both ends of a cell so that the line between holds within it. */
  private weekAtPrice(offer: WeekOffer, best: number, price: number, knot: number): void {
    const { ends } = this;
    const most = offer.profit[best] - price * offer.mean[best];
    ends[0] = 0;
    ends[1] = 0;
    if (most <= 0) return;
    if (this.grid.knots[knot] >= offer.served[best]) {
      ends[0] = most;
      ends[1] = most;
      return;
    }
    if (offer.points > 0) this.pointsAtPrice(offer, price, knot);
    else this.edgesAtPrice(offer, best, most, price, knot);
  }

  private pointsAtPrice(offer: WeekOffer, price: number, knot: number): void {
    const { ends } = this;
    // The most profitable first: it spares the look at most of the others.
    let first = 0;
    let most = -Infinity;
    for (let point = 0; point < offer.points; point++) {
      const gain = offer.pointProfit[point] - price * offer.pointMean[point];
      if (gain > most) {
        most = gain;
        first = point;
      }
    }
    for (let turn = -1; turn < offer.points; turn++) {
      const point = turn < 0 ? first : turn;
      const mean = offer.pointMean[point];
      const gain = offer.pointProfit[point] - price * mean;
      if (gain <= ends[0] && gain <= ends[1]) continue;
      if (this.grid.knots[knot] >= offer.pointServed[point]) {
        ends[0] = Math.max(ends[0], gain);
        ends[1] = Math.max(ends[1], gain);
        continue;
      }
      this.raise(this.row(offer, offer.count + point) + knot, gain / mean);
    }
  }

  /**
   * A joint choice between two corners has a profit below their edge; the share of its demand that is served is at most that of
   * the left corner, its sales at most those of the right one.
   */
  private edgesAtPrice(offer: WeekOffer, best: number, most: number, price: number, knot: number): void {
    const { ends, rows } = this;
    const { mean, profit, served } = offer;
    if (mean[best] > 0) this.raise(this.row(offer, best) + knot, most / mean[best]);
    let gain = most;
    for (let left = best - 1; left >= 0; left--) {
      if (gain <= ends[0] && gain <= ends[1]) return;
      if (mean[left] <= 0 || this.grid.knots[knot] >= served[left]) {
        ends[0] = Math.max(ends[0], gain);
        ends[1] = Math.max(ends[1], gain);
        return;
      }
      const byShare = gain / mean[left];
      const bySales = Math.max(profit[left] / mean[left], profit[left + 1] / mean[left + 1]) - price;
      const row = this.row(offer, left) + knot;
      const rightRow = this.row(offer, left + 1) + knot;
      const shares = byShare * (rows.sales[row] + rows.sales[row + 1]);
      if (shares <= bySales * (rows.sales[rightRow] + rows.sales[rightRow + 1])) this.raise(row, byShare);
      else this.raise(rightRow, bySales);
      gain = profit[left] - price * mean[left];
    }
  }

  private raise(row: number, unit: number): void {
    const { ends, rows } = this;
    const above = unit * rows.bend[row];
    const left = unit * rows.sales[row] + above;
    const right = unit * rows.sales[row + 1] + above;
    if (left > ends[0]) ends[0] = left;
    if (right > ends[1]) ends[1] = right;
  }
}
