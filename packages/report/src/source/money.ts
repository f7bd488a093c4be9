/** How prices came about, in the order in which they are told. */
export const DECIDED_AS = ['approved', 'overridden', 'undecided'] as const;

/** What some prices have come to, in the currency of the data. */
export interface MoneySums {
  readonly prices: number;
  /** Of these, in the shop as they were chosen. */
  readonly followed: number;
  readonly units: number;
  readonly earned: number;
  /** Forecast at the time. */
  readonly planned: number;
  readonly asProposed: number;
  /** Of prices that could have been held: how many, what they earned, and would have if they had been. */
  readonly compared: number;
  readonly comparedEarned: number;
  readonly asHeld: number;
}

/** What wrong forecasts of sales came to, of a part of the prices. */
export interface ErrorCost {
  /** `all`, `group` or `discount`. */
  readonly dimension: string;
  readonly value: string;
  readonly prices: number;
  /** In sum: below 0 where forecasts were too high. */
  readonly variance: number;
  /** Price by price. */
  readonly absolute: number;
}

/** What a limit of the business cost. */
export interface LimitCost {
  readonly run: string;
  readonly limit: string;
  readonly value: number | null;
  readonly missedBy: number;
  /** Of missing it. */
  readonly cost: number;
  readonly inWords: string;
}

/** What the decisions of the weeks that a monitoring judged came to. */
export interface Money {
  readonly scores: {
    readonly weeks: readonly string[];
    /** Prices that have not passed in the data yet, and that have and are in no sum. */
    readonly open: number;
    readonly unjudged: number;
    readonly all: MoneySums;
    readonly by: Readonly<Record<(typeof DECIDED_AS)[number], MoneySums>>;
    readonly overrides: {
      readonly prices: number;
      readonly costed: number;
      readonly atTheTime: number;
      readonly after: number;
      readonly better: number;
    };
    readonly variances: readonly ErrorCost[];
  } | null;
  readonly limits: readonly LimitCost[];
  readonly notes: readonly string[];
}
