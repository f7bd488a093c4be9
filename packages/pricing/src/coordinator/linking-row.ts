/** A limit that links articles, as one inequality: the sum of what their plans use of it is at most a bound. */
export interface LinkingRow {
  readonly name: string;
  readonly bound: number;
  /** What a unit above the bound costs; null: the bound holds whatever it costs. */
  readonly price: number | null;
}

/** Plans of all articles that are best at some multipliers. A articles, R rows. */
export interface Evaluation {
  /** What each plan earns, multipliers left out [A]. */
  readonly profit: Float64Array;
  /** What each plan uses of each row [A·R]. */
  readonly use: Float64Array;
  /** No plan of an article earns more, less multipliers · use [A]. */
  readonly bound: Float64Array;
  /** Levels of all plans, one after the other: article a from {@link Portfolio.planOffsets}[a]. */
  readonly levels: Uint8Array;
}

/** Articles whose plans can be found at any multipliers. */
export interface Portfolio {
  readonly rows: readonly LinkingRow[];
  /** Where the plan of each article begins among all levels, and where the last ends [A + 1]. */
  readonly planOffsets: Float64Array;
  /**
   * Finds the best plan of every article. The answer depends on the multipliers alone: not on threads, nor on what came before.
   * @param multipliers of the rows, from 0 [R]
   * @param every only the sample of about every so many-th article ({@link isSampled}) is wanted, of the others nothing is read;
   *   1, all, by default
   */
  evaluate(multipliers: Float64Array, every?: number): Promise<Evaluation>;
  /**
   * Plans that are known without solving: to hold today's discounts. Each evaluated in full; in the place of a bound, what no plan of
   * the article is worth less than.
   * @param first plans that were found; of an article without such a plan, its plan is given again
   * @returns evaluations, or none
   */
  known(first: Evaluation): Promise<readonly Evaluation[]>;
  /**
   * Plans beside those given: a run of weeks of a market one level higher or lower, where the limits of the article permit it. Each
   * evaluated in full, its bound not read.
   * @param levels of all plans
   * @param round tells one variation from another: the same gives the same
   */
  vary(levels: Uint8Array, round: number): Promise<Evaluation>;
}
