import { saturation } from './expected-sales.ts';

/** Joint choices of a week up to which each is kept; beyond, the hull of demand and profit stands for them. */
export const MOST_POINTS = 40;
/** Neighbours on the hull differ by about this share in demand at most. */
const FINEST = 0.04;

/**
 * What the markets of one stock can do in one week, as (demand Q, profit P if all of it is served): the upper concave hull over all
 * joint choices, from the least demand to the most. Where choices are few, all of them beside. The hull of a sum is the sum of the
 * hulls, so its corners are found by merging the markets' own edges by slope.
 */
export class WeekOffer {
  /** Corners of the hull, and points on its edges between them. */
  count = 0;
  mean = new Float64Array(64);
  profit = new Float64Array(64);
  /** Slope of the edge from a corner to the next; −Infinity at the last. */
  slope = new Float64Array(64);
  /** Stock from which a corner's demand is served whole, at the least dispersion. */
  served = new Float64Array(64);
  /** No joint choice of the week has less dispersion. */
  leastDispersion = 0;
  mostDispersion = 0;
  /** All joint choices, where they are few; else 0. */
  points = 0;
  pointMean = new Float64Array(MOST_POINTS);
  pointProfit = new Float64Array(MOST_POINTS);
  pointDispersion = new Float64Array(MOST_POINTS);
  pointServed = new Float64Array(MOST_POINTS);
  /** Level of each market of a corner's choice at index · M + market; of points between corners that of the corner before. */
  corner: Uint8Array = new Uint8Array(0);

  private edgeSlope = new Float64Array(64);
  private edgeMean = new Float64Array(64);
  private edgeProfit = new Float64Array(64);
  private edgeMarket = new Int32Array(64);
  private edgeLevel = new Int32Array(64);
  private order = new Int32Array(64);
  private stack = new Int32Array(256);
  private sorted = new Int32Array(256);

  /**
   * @param markets markets of the stock
   * @param levelCount levels
   * @param allowed 1 where a level may be chosen [M·L]
   * @param demand expected demand [M·L]
   * @param unit profit of a unit sold [M·L]
   * @param dispersion dispersion of a market [M]
   * @param certain demand is its mean
   */
  build(
    markets: number,
    levelCount: number,
    allowed: Uint8Array,
    demand: Float64Array,
    unit: Float64Array,
    dispersion: Float64Array,
    certain: boolean,
  ): void {
    this.dispersions(markets, dispersion, certain);
    const edgesAtMost = markets * levelCount;
    this.reserve(edgesAtMost, markets);
    const corner = this.corner;
    let edges = 0;
    let mean = 0;
    let profit = 0;
    let choices = 1;
    for (let market = 0; market < markets; market++) {
      const at = market * levelCount;
      const hull = this.hullOf(at, levelCount, allowed, demand, unit);
      choices *= hull.allowed;
      const { stack } = this;
      const first = stack[0];
      corner[market] = first;
      mean += demand[at + first];
      profit += demand[at + first] * unit[at + first];
      for (let place = 1; place < hull.corners; place++) {
        const from = at + stack[place - 1];
        const to = at + stack[place];
        this.edgeMean[edges] = demand[to] - demand[from];
        this.edgeProfit[edges] = demand[to] * unit[to] - demand[from] * unit[from];
        this.edgeSlope[edges] = this.edgeProfit[edges] / this.edgeMean[edges];
        this.edgeMarket[edges] = market;
        this.edgeLevel[edges] = stack[place];
        edges++;
      }
    }
    this.merge(edges, markets, mean, profit, certain);
    this.points = 0;
    if (choices <= MOST_POINTS)
      this.enumerate(markets, levelCount, allowed, demand, unit, dispersion, certain);
  }

  /** Bounds on Σ δ q² / (Σ q)²: least by Cauchy–Schwarz, most where one market has all. */
  private dispersions(markets: number, dispersion: Float64Array, certain: boolean): void {
    let inverse = 0;
    let most = 0;
    for (let market = 0; market < markets; market++) {
      inverse += 1 / dispersion[market];
      most = Math.max(most, dispersion[market]);
    }
    this.leastDispersion = certain ? 0 : 1 / inverse;
    this.mostDispersion = certain ? 0 : most;
  }

  private reserve(edges: number, markets: number): void {
    const points = edges * 12 + 16;
    if (this.mean.length < points) {
      this.mean = new Float64Array(points);
      this.profit = new Float64Array(points);
      this.served = new Float64Array(points);
      this.slope = new Float64Array(points);
    }
    if (this.edgeMean.length < edges) {
      this.edgeSlope = new Float64Array(edges);
      this.edgeMean = new Float64Array(edges);
      this.edgeProfit = new Float64Array(edges);
      this.edgeMarket = new Int32Array(edges);
      this.edgeLevel = new Int32Array(edges);
    }
    if (this.order.length < markets) this.order = new Int32Array(markets);
    if (this.corner.length < points * markets) this.corner = new Uint8Array(points * markets);
  }

  /** Upper hull of one market's levels, left to right, in `stack`. */
  private hullOf(
    at: number,
    levelCount: number,
    allowed: Uint8Array,
    demand: Float64Array,
    unit: Float64Array,
  ): { allowed: number; corners: number } {
    const { sorted, stack } = this;
    let count = 0;
    for (let level = 0; level < levelCount; level++) {
      if (allowed[at + level] !== 1) continue;
      // By demand, and of equal demand the more profitable first: levels come nearly sorted.
      let place = count++;
      const profit = demand[at + level] * unit[at + level];
      while (place > 0) {
        const other = at + sorted[place - 1];
        const later =
          demand[other] > demand[at + level] ||
          (demand[other] === demand[at + level] && demand[other] * unit[other] < profit);
        if (!later) break;
        sorted[place] = sorted[place - 1];
        place--;
      }
      sorted[place] = level;
    }
    let corners = 0;
    for (let place = 0; place < count; place++) {
      const level = sorted[place];
      const mean = demand[at + level];
      const profit = mean * unit[at + level];
      if (corners > 0 && mean <= demand[at + stack[corners - 1]]) continue;
      while (corners > 1) {
        const last = at + stack[corners - 1];
        const before = at + stack[corners - 2];
        const turn =
          (demand[last] * unit[last] - demand[before] * unit[before]) * (mean - demand[before]) -
          (profit - demand[before] * unit[before]) * (demand[last] - demand[before]);
        if (turn > 0) break;
        corners--;
      }
      stack[corners++] = level;
    }
    return { allowed: count, corners };
  }

  /** The edges of all markets in falling slope, each cut so that neighbours are close in demand. */
  private merge(edges: number, markets: number, mean: number, profit: number, certain: boolean): void {
    const { order, edgeSlope, edgeMean, edgeProfit, edgeMarket, corner } = this;
    // Each market's edges fall in slope already, and stand one after the other: the next of each are compared.
    for (let market = 0; market < markets; market++) order[market] = edges;
    for (let edge = edges - 1; edge >= 0; edge--) order[edgeMarket[edge]] = edge;
    this.put(0, mean, profit, certain);
    let count = 1;
    for (let place = 0; place < edges; place++) {
      let owner = -1;
      for (let market = 0; market < markets; market++) {
        const next = order[market];
        if (next >= edges || edgeMarket[next] !== market) continue;
        if (owner < 0 || edgeSlope[next] > edgeSlope[order[owner]]) owner = market;
      }
      const edge = order[owner]++;
      const wanted = mean > 0 ? Math.ceil(edgeMean[edge] / (FINEST * mean)) : 10;
      const parts = wanted < 1 ? 1 : wanted > 10 ? 10 : wanted;
      for (let part = 1; part <= parts; part++) {
        const share = part / parts;
        this.slope[count - 1] = edgeSlope[edge];
        this.put(count, mean + share * edgeMean[edge], profit + share * edgeProfit[edge], certain);
        corner.copyWithin(count * markets, (count - 1) * markets, count * markets);
        count++;
      }
      corner[(count - 1) * markets + this.edgeMarket[edge]] = this.edgeLevel[edge];
      mean += edgeMean[edge];
      profit += edgeProfit[edge];
    }
    this.slope[count - 1] = -Infinity;
    this.count = count;
  }

  private put(index: number, mean: number, profit: number, certain: boolean): void {
    this.mean[index] = mean;
    this.profit[index] = profit;
    this.served[index] = mean <= 0 ? 0 : certain ? mean : saturation(mean, this.leastDispersion);
  }

  private enumerate(
    markets: number,
    levelCount: number,
    allowed: Uint8Array,
    demand: Float64Array,
    unit: Float64Array,
    dispersion: Float64Array,
    certain: boolean,
  ): void {
    const chosen = this.sorted;
    for (let market = 0; market < markets; market++)
      chosen[market] = allowed.indexOf(1, market * levelCount) - market * levelCount;
    for (;;) {
      let mean = 0;
      let profit = 0;
      let square = 0;
      for (let market = 0; market < markets; market++) {
        const at = market * levelCount + chosen[market];
        mean += demand[at];
        profit += demand[at] * unit[at];
        square += dispersion[market] * demand[at] * demand[at];
      }
      if (mean > 0) {
        const spread = square / (mean * mean);
        this.pointMean[this.points] = mean;
        this.pointProfit[this.points] = profit;
        this.pointDispersion[this.points] = spread;
        this.pointServed[this.points] = certain ? mean : saturation(mean, spread);
        this.points++;
      }
      let market = 0;
      for (; market < markets; market++) {
        let level = chosen[market] + 1;
        while (level < levelCount && allowed[market * levelCount + level] !== 1) level++;
        if (level < levelCount) {
          chosen[market] = level;
          break;
        }
        chosen[market] = allowed.indexOf(1, market * levelCount) - market * levelCount;
      }
      if (market === markets) return;
    }
  }
}
