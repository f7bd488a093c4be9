import type { ArticleProblem } from '@hemline/pricing';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

const WEEKS = 26;
const LEVELS = 15;

/**
 * An article as a shop has them: 26 weeks, discounts of 0 to 70 % in steps of 5, elasticities of 1.2 to 3.5, demand that fades by
 * up to an eighth a week, some units or some hundreds a week, stock for 40 to 180 % of what half price would sell.
 * @param seed settles all
 * @param markets markets, which sell from one pool
 * @param certain demand is its mean; else it scatters as sales do
 * @returns the article
 */
export function portfolioArticle(seed: number, markets: number, certain: boolean): ArticleProblem {
  // Neighbouring seeds of xoroshiro128plus begin alike: articles would drift with their number.
  const random = mersenne(seed);
  const between = (low: number, high: number): number => low + (high - low) * uniformFloat64(random);
  const size = markets * WEEKS * LEVELS;
  const levels = Float64Array.from({ length: LEVELS }, (_, level) => level / 20);
  const demand = new Float64Array(size);
  const margin = new Float64Array(size);
  const list = between(20, 100);
  const scale = Math.exp(between(0, 3.5));
  const cover = between(0.4, 1.8);
  let stock = 0;
  for (let market = 0; market < markets; market++) {
    const elasticity = between(1.2, 3.5);
    const base = scale * between(0.4, 1.6);
    const decay = between(-0.12, 0.02);
    const shipping = between(1, 5);
    for (let week = 0; week < WEEKS; week++) {
      const full = base * Math.exp(decay * week + between(-0.15, 0.15));
      for (let level = 0; level < LEVELS; level++) {
        const at = (market * WEEKS + week) * LEVELS + level;
        demand[at] = full * (1 - levels[level]!) ** -elasticity;
        margin[at] = list * (1 - levels[level]!) - shipping;
      }
      stock += cover * demand[(market * WEEKS + week) * LEVELS + 7]!;
    }
  }
  return {
    article: `article ${seed}`,
    markets,
    weeks: WEEKS,
    levelCount: LEVELS,
    levels,
    demand,
    certain,
    dispersion: Float64Array.from({ length: markets * WEEKS }, () => between(0, 0.6)),
    margin,
    returnRate: new Float64Array(size),
    lags: 0,
    returnLag: new Float64Array(0),
    stocks: 1,
    stock: Float64Array.of(Math.round(stock)),
    stockOf: new Int32Array(markets),
    deliveries: new Float64Array(WEEKS),
    residual: Float64Array.of(list * between(0, 0.3)),
    holding: new Float64Array(WEEKS),
    limits: {
      allowed: new Uint8Array(size).fill(1),
      deepenOnly: new Uint8Array(markets),
      maximumChanges: new Int32Array(markets).fill(-1),
      weeksBetween: new Int32Array(markets),
      largestStep: new Float64Array(markets).fill(Infinity),
      current: new Int32Array(markets).fill(-1),
      weeksSinceChange: new Int32Array(markets).fill(-1),
      priceOrder: new Int32Array(0),
      pricePairs: 0,
      price: new Float64Array(0),
    },
  };
}
