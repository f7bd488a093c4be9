/** What exploring comes to. */
export interface ExplorationTotals {
  readonly share: number;
  readonly step: number;
  readonly seed: number;
  /** The week whose discounts are drawn: the first that is priced. */
  readonly week: string;
  /** Articles, and articles × markets, of which discounts were drawn; those of these with another than the planned one. */
  readonly articles: number;
  readonly series: number;
  readonly moved: number;
  /** Profit of the plan without exploring minus that with it, by the forecasts. */
  readonly cost: number;
}

/** What was drawn by lot in the first week. */
export interface DrawnWeek {
  /** NaN where nothing was drawn [N]. */
  readonly propensity: Float64Array;
  /** Null where nothing was drawn [N]. */
  readonly experiment: readonly (string | null)[];
  readonly totals: ExplorationTotals;
}
