/** What a plan of levels comes to. M markets, T weeks, S stocks. Arrays may be longer than the problem needs. */
export interface ArticleOutcome {
  /** Expected sales [M·T]. */
  readonly sales: Float64Array;
  /** Units left after the sales of a week, before the returns and deliveries of the next [S·T]. */
  readonly left: Float64Array;
  /** Units that come back to each stock after the last week; worth the residual as what is left then [S]. */
  readonly lateReturns: Float64Array;
  /** Σ margin · sales − Σ holding · left + Σ residual · (left after the last week + late returns). */
  value: number;
}

/** The levels chosen for one article, and what they come to. */
export interface ArticlePlan extends ArticleOutcome {
  /** Level of market m in week t at m·T + t [M·T]. */
  readonly level: Uint8Array;
  /** No plan within the limits is worth more than this. */
  bound: number;
  /** (bound − value) / |bound|: what the plan may miss at most; 0 where the bound is 0 and reached. */
  gap: number;
}

/**
 * @param markets markets, at most
 * @param weeks weeks, at most
 * @param stocks stocks, at most
 * @returns room for a plan
 */
export function newArticlePlan(markets: number, weeks: number, stocks: number): ArticlePlan {
  return {
    level: new Uint8Array(markets * weeks),
    sales: new Float64Array(markets * weeks),
    left: new Float64Array(stocks * weeks),
    lateReturns: new Float64Array(stocks),
    value: 0,
    bound: 0,
    gap: 0,
  };
}
