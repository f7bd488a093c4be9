import type { ArticleProblem } from '../../src/article/article-problem.ts';

/** A generator of numbers in [0, 1) that a seed settles (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What a random article is like. */
export interface ArticleShape {
  readonly markets: number;
  readonly weeks: number;
  readonly levelCount: number;
  readonly pool: boolean;
  readonly certain?: boolean;
  readonly returns?: boolean;
  readonly deliveries?: boolean;
  /** Each market's own limits are on or off at random. */
  readonly limits?: boolean;
  readonly priceOrder?: boolean;
  readonly negativeMargins?: boolean;
  /** Units a market sells in a week at full price, about. */
  readonly scale?: number;
  readonly levels?: readonly number[];
}

/** An article with constant elasticities that differ by market, a season, and stock for about the demand at a middle level. */
export function randomArticle(seed: number, shape: ArticleShape): ArticleProblem {
  const random = randomNumbers(seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const { markets, weeks, levelCount } = shape;
  const size = markets * weeks * levelCount;
  const stocks = shape.pool ? 1 : markets;
  const levels = Float64Array.from(
    { length: levelCount },
    (_, level) => (0.7 * level) / Math.max(1, levelCount - 1),
  );
  const demand = new Float64Array(size);
  const margin = new Float64Array(size);
  const price = new Float64Array(size);
  const returnRate = new Float64Array(size);
  const allowed = new Uint8Array(size).fill(1);
  const lags = 5;
  const returnLag = new Float64Array(markets * lags);
  const stock = new Float64Array(stocks);
  const deliveries = new Float64Array(stocks * weeks);
  const scale = shape.scale ?? Math.exp(between(-1, 3.5));
  const list = between(20, 100);
  for (let market = 0; market < markets; market++) {
    const elasticity = between(1.2, 3.5);
    const base = scale * between(0.4, 1.6);
    const decay = between(-0.12, 0.02);
    const rate = shape.returns ? between(0.1, 0.6) : 0;
    const shipping = shape.negativeMargins ? between(5, list * 0.6) : between(0, 5);
    const own = list * between(0.85, 1.15);
    for (let week = 0; week < weeks; week++) {
      const level0 = base * Math.exp(decay * week + between(-0.15, 0.15));
      for (let level = 0; level < levelCount; level++) {
        const at = (market * weeks + week) * levelCount + level;
        const net = own * (1 - levels[level]);
        demand[at] = level0 * (1 - levels[level]) ** -elasticity;
        returnRate[at] = rate * (1 - 0.4 * levels[level]);
        margin[at] = (1 - returnRate[at]) * net - shipping - returnRate[at] * 3;
        price[at] = net;
      }
    }
    if (shape.returns) {
      const raw = Array.from({ length: lags }, () => random());
      const total = raw.reduce((sum, share) => sum + share, 0) / between(0.7, 1);
      raw.forEach((share, lag) => (returnLag[market * lags + lag] = share / total));
    }
  }
  const cover = between(0.4, 1.8);
  const stockOf = Int32Array.from({ length: markets }, (_, market) => (shape.pool ? 0 : market));
  for (let market = 0; market < markets; market++) {
    for (let week = 0; week < weeks; week++) {
      stock[stockOf[market]] += cover * demand[(market * weeks + week) * levelCount + (levelCount >> 1)];
    }
  }
  for (let own = 0; own < stocks; own++) {
    if (shape.deliveries && random() < 0.7) {
      const week = Math.floor(between(1, weeks));
      if (week < weeks) {
        deliveries[own * weeks + week] = stock[own] * between(0.2, 0.6);
        stock[own] -= deliveries[own * weeks + week];
      }
    }
    stock[own] = random() < 0.5 ? Math.round(stock[own]) : stock[own];
  }
  const on = (chance: number): boolean => Boolean(shape.limits) && random() < chance;
  const bounded = {
    deepenOnly: new Uint8Array(markets),
    maximumChanges: new Int32Array(markets).fill(-1),
    weeksBetween: new Int32Array(markets),
    largestStep: new Float64Array(markets).fill(Infinity),
    current: new Int32Array(markets).fill(-1),
    weeksSinceChange: new Int32Array(markets).fill(-1),
  };
  for (let market = 0; market < markets; market++) {
    if (on(0.4)) bounded.deepenOnly[market] = 1;
    if (on(0.3)) bounded.maximumChanges[market] = Math.floor(between(0, 3));
    if (on(0.3)) bounded.weeksBetween[market] = Math.floor(between(1, 4));
    if (on(0.3)) bounded.largestStep[market] = between(0.7 / Math.max(1, levelCount - 1), 0.7);
    if (on(0.5)) bounded.current[market] = Math.floor(between(0, Math.min(2, levelCount)));
    if (on(0.3)) bounded.weeksSinceChange[market] = Math.floor(between(1, 4));
    for (let week = 0; week < weeks; week++) {
      for (let level = 0; level < levelCount; level++) {
        // The level in the shop stays allowed, so that there is always a plan.
        const stays = level === Math.max(0, bounded.current[market]);
        if (!stays && on(0.15)) allowed[(market * weeks + week) * levelCount + level] = 0;
      }
    }
  }
  const ordered = shape.priceOrder === true && markets > 1;
  return {
    article: `random ${seed}`,
    markets,
    weeks,
    levelCount,
    levels,
    demand,
    certain: shape.certain ?? false,
    dispersion: Float64Array.from({ length: markets * weeks }, () => between(0, 0.6)),
    margin,
    returnRate,
    lags: shape.returns ? lags : 0,
    returnLag,
    stocks,
    stock,
    stockOf,
    deliveries,
    residual: Float64Array.from({ length: stocks }, () => list * between(0, 0.3)),
    holding: new Float64Array(stocks * weeks),
    limits: {
      allowed,
      ...bounded,
      priceOrder: Int32Array.from(ordered ? [0, 1] : []),
      pricePairs: ordered ? 1 : 0,
      price,
    },
  };
}
