import type { WeekOffer } from './week-offer.ts';

/**
 * A bound on one stock's value without a grid, for demand that is certain: weeks may mix their choices and sell less than is asked.
 * Then what a week and what is kept can earn are concave in units, and so is the best of both: its slopes are those of both, sorted.
 * With demand that scatters the bound holds too, and is loose, since sales are at most the smaller of mean demand and stock.
 */
export class FluidBound {
  /** Slopes of the value from a week on, falling, and the units over which each holds; the last holds for ever. */
  private slope = new Float64Array(64);
  private length = new Float64Array(64);
  private count = 0;
  private start = 0;
  private nextSlope = new Float64Array(64);
  private nextLength = new Float64Array(64);

  /** @param residual worth of a unit at the end */
  begin(residual: number): void {
    this.slope[0] = residual;
    this.length[0] = Infinity;
    this.count = 1;
    this.start = 0;
  }

  /**
   * Goes a week back.
   * @param offer what the markets can do, `holding` added to the profit of a unit sold
   * @param holding cost of a unit left
   * @param inflow units that arrive before the week after
   * @param worth price at which units come back before the week after, Infinity where none do
   */
  week(offer: WeekOffer, holding: number, inflow: number, worth: number): void {
    this.capAndCut(worth, inflow);
    const most = this.count + offer.count + 1;
    if (this.nextSlope.length < most) {
      this.nextSlope = new Float64Array(2 * most);
      this.nextLength = new Float64Array(2 * most);
    }
    const { slope, length, nextSlope, nextLength } = this;
    const { mean, profit } = offer;
    // From selling nothing to the corner that earns most a unit, then along the hull.
    let corner = 0;
    for (let other = 1; other < offer.count; other++) {
      if (profit[other] * mean[corner] >= profit[corner] * mean[other]) corner = other;
      else break;
    }
    let edgeLength = mean[corner];
    let edgeSlope = edgeLength > 0 ? profit[corner] / edgeLength : -Infinity;
    let kept = 0;
    let merged = 0;
    for (;;) {
      if (edgeLength > 0 && edgeSlope > slope[kept]) {
        nextSlope[merged] = edgeSlope - holding;
        nextLength[merged++] = edgeLength;
        edgeLength = 0;
      } else if (edgeLength > 0 || corner + 1 >= offer.count) {
        nextSlope[merged] = slope[kept] - holding;
        nextLength[merged++] = length[kept];
        if (length[kept++] === Infinity) break;
        continue;
      }
      while (edgeLength <= 0 && corner + 1 < offer.count) {
        corner++;
        edgeLength = mean[corner] - mean[corner - 1];
        edgeSlope = (profit[corner] - profit[corner - 1]) / edgeLength;
      }
    }
    this.slope = nextSlope;
    this.length = nextLength;
    this.nextSlope = slope;
    this.nextLength = length;
    this.count = merged;
  }

  /**
   * @param units stock of the first week, inflow included
   * @returns the bound
   */
  bound(units: number): number {
    let value = this.start;
    let rest = units;
    for (let piece = 0; piece < this.count && rest > 0; piece++) {
      const taken = Math.min(rest, this.length[piece]);
      value += taken * this.slope[piece];
      rest -= taken;
    }
    return value;
  }

  /** Units that may come back at a price are worth no more than it; units that arrive have their value for certain. */
  private capAndCut(worth: number, inflow: number): void {
    const { slope, length } = this;
    for (let piece = 0; piece < this.count && slope[piece] > worth; piece++) {
      this.start += (slope[piece] - worth) * length[piece];
      slope[piece] = worth;
    }
    let rest = inflow;
    let first = 0;
    while (rest > 0) {
      const taken = Math.min(rest, length[first]);
      this.start += taken * slope[first];
      rest -= taken;
      if (taken < length[first]) {
        length[first] -= taken;
        break;
      }
      first++;
    }
    if (first === 0) return;
    slope.copyWithin(0, first, this.count);
    length.copyWithin(0, first, this.count);
    this.count -= first;
  }
}
