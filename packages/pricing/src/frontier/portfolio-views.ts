import type { Evaluation, LinkingRow, Portfolio } from '../coordinator/linking-row.ts';
import { SolutionCache } from '../coordinator/solution-cache.ts';

/** A row as a sum of weighted rows of another portfolio. */
export interface ViewedRow extends LinkingRow {
  readonly terms: readonly { readonly row: number; readonly weight: number }[];
}

/** How plans are kept from one view to the next: as the portfolio below has them. */
const BLOCKS = 48;

/**
 * A portfolio under other rows, each a weighted sum of its own: the same plans use something else of them. Whatever is evaluated
 * through any view is kept as the portfolio below has it, so that the next view begins with all plans that there are.
 */
export class PortfolioViews {
  readonly #portfolio: Portfolio;
  readonly #kept: SolutionCache;

  /** @param portfolio below all views */
  constructor(portfolio: Portfolio) {
    this.#portfolio = portfolio;
    this.#kept = new SolutionCache(portfolio.planOffsets, portfolio.rows.length, BLOCKS);
  }

  /**
   * @param rows of the view
   * @returns the portfolio under these rows
   */
  portfolio(rows: readonly ViewedRow[]): Portfolio {
    const below = this.#portfolio;
    // `known` wants an evaluation of the portfolio below.
    const sources = new WeakMap<Evaluation, Evaluation>();
    // Of a sample most articles have no plan: nothing of it is kept.
    const sampled = new WeakSet<Evaluation>();
    const seen = (found: Evaluation, isWhole: boolean): Evaluation => {
      if (isWhole) this.#kept.add(found);
      const viewed = { ...found, use: this.#use(rows, found.use) };
      sources.set(viewed, found);
      if (!isWhole) sampled.add(viewed);
      return viewed;
    };
    return {
      rows,
      planOffsets: below.planOffsets,
      evaluate: async (multipliers, every = 1) =>
        seen(await below.evaluate(this.#multipliers(rows, multipliers), every), every <= 1),
      known: async (first) =>
        (await below.known(sources.get(first)!)).map((found) => seen(found, !sampled.has(first))),
      vary: async (levels, round) => seen(await below.vary(levels, round), true),
    };
  }

  /**
   * @param rows of the view
   * @returns all plans that were found so far, with what they use of these rows
   */
  kept(rows: readonly ViewedRow[]): SolutionCache {
    return this.#kept.viewed(rows.length, (use) => this.#use(rows, use));
  }

  #multipliers(rows: readonly ViewedRow[], multipliers: Float64Array): Float64Array {
    const below = new Float64Array(this.#portfolio.rows.length);
    rows.forEach(({ terms }, r) => {
      for (const { row, weight } of terms) below[row]! += weight * multipliers[r]!;
    });
    return below;
  }

  #use(rows: readonly ViewedRow[], use: Float64Array): Float64Array {
    const [R, below] = [rows.length, this.#portfolio.rows.length];
    const A = this.#portfolio.planOffsets.length - 1;
    const viewed = new Float64Array(A * R);
    for (let a = 0; a < A; a++)
      for (let r = 0; r < R; r++) {
        let sum = 0;
        for (const { row, weight } of rows[r]!.terms) sum += weight * use[a * below + row]!;
        viewed[a * R + r] = sum;
      }
    return viewed;
  }
}
