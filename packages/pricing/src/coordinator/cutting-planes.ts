import type { Highs, Model } from 'highs';
import type { LinkingRow } from './linking-row.ts';
import type { Scales } from './scaling.ts';
import { EngineError } from '@hemline/core';
import type { SolutionCache } from './solution-cache.ts';

/** Solutions of the linear program until the cached dual is at its minimum, at most. */
const MOST_ROUNDS = 300;
/** Distance of the linear program from the cached dual that ends the rounds, of the profit's scale. */
const PRECISION = 1e-5;
/** A cut that cuts off less than this, scaled, is left out. */
const LEAST_CUT = 1e-8;
/** Multipliers of hard rows, scaled: beyond the last nothing is tried. */
const FIRST_REACH = 0.25;
const MOST_REACH = 1e5;
/** Scaled multiplier below which what is near it is measured from this. */
const LEAST_MULTIPLIER = 0.02;

/** Where the dual function of the cached plans is least. */
export interface DualMinimum {
  /** [R] */
  readonly multipliers: Float64Array;
  readonly value: number;
  /** Whether it may be less beyond the multipliers that it was confined to. */
  readonly isAtEdge: boolean;
}

/**
 * Minimises the dual function of the cached plans: Σ over articles of the best cached plan at the multipliers, plus multipliers ·
 * bounds. A linear program with a cut for each block of articles approximates it from below; it is kept, with its basis, from one
 * call to the next, since cuts of fewer plans hold for more plans as well.
 */
export class CuttingPlanes {
  readonly #highs: Highs;
  readonly #model: Model;
  readonly #rows: readonly LinkingRow[];
  readonly #scales: Scales;
  readonly #blocks: number;
  /** Largest multipliers, scaled. */
  readonly #reach: Float64Array;
  /** Multipliers that are tried, scaled. */
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #isConfined = false;
  #calls = 0;

  /**
   * @param highs the solver
   * @param rows linking rows
   * @param scales of profit and rows
   * @param blocks of articles
   */
  constructor(highs: Highs, rows: readonly LinkingRow[], scales: Scales, blocks: number) {
    this.#highs = highs;
    this.#rows = rows;
    this.#scales = scales;
    this.#blocks = blocks;
    // A multiplier never exceeds the price of a soft row: missing it costs no more.
    this.#reach = Float64Array.from(rows, ({ price }, r) =>
      price === null ? FIRST_REACH : this.#scaled(price, r),
    );
    this.#low = new Float64Array(rows.length);
    this.#high = this.#reach.slice();
    const numCols = blocks + rows.length;
    this.#model = highs.createModel({
      ...{ numCols, numRows: 0, rowLower: [], rowUpper: [], sense: highs.constants.objectiveSense.minimize },
      colCost: [
        ...Array.from({ length: blocks }, () => 1),
        ...rows.map(({ bound }, r) => bound / scales.use[r]!),
      ],
      colLower: [...Array.from({ length: blocks }, () => -highs.infinity), ...rows.map(() => 0)],
      colUpper: [...Array.from({ length: blocks }, () => highs.infinity), ...this.#reach],
      matrix: { format: 'csr', numRows: 0, numCols, starts: [0], indices: [], values: [] },
    });
    this.#model.options.set({ output_flag: false });
  }

  #scaled(multiplier: number, r: number): number {
    return (multiplier * this.#scales.use[r]!) / this.#scales.profit;
  }

  /**
   * @param cache plans of all articles, at least one each
   * @param start multipliers to begin at [R]
   * @returns multipliers at the minimum, and the minimum
   */
  minimise(cache: SolutionCache, start: Float64Array): DualMinimum {
    const { profit: scale, use } = this.#scales;
    const choice = new Int32Array(cache.articles);
    const R = this.#rows.length;
    let multipliers = start;
    // Where no plan that is known meets a row the cached dual falls for ever: further out is for plans that are found there.
    let hasReached = this.#calls++ === 0;
    let heights: Float64Array = new Float64Array(this.#blocks).fill(-Infinity);
    let best = { multipliers: start, value: Infinity };
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const sums = cache.best(multipliers, choice);
      let value = sums.total / scale;
      this.#rows.forEach(({ bound }, r) => (value += (multipliers[r]! * bound) / scale));
      if (value < best.value) best = { multipliers, value };
      let isCut = false;
      for (let b = 0; b < this.#blocks; b++) {
        let height = sums.profit[b]! / scale;
        for (let r = 0; r < R; r++) height -= (multipliers[r]! * sums.use[b * R + r]!) / scale;
        if (height <= heights[b]! + LEAST_CUT) continue;
        this.#addCut(b, sums.profit[b]! / scale, (r) => sums.use[b * R + r]! / use[r]!);
        isCut = true;
      }
      const found = this.#solve();
      heights = found.heights;
      const isThere = best.value - found.objective <= PRECISION * Math.max(1, Math.abs(best.value));
      if (isThere || !isCut) {
        if (hasReached || !this.#reachFurther(found.multipliers)) break;
        hasReached = true;
      }
      multipliers = found.multipliers.map((value, r) => (value * scale) / use[r]!);
    }
    const isAtEdge = best.multipliers.some((value, r) => this.#isAtEdge(this.#scaled(value, r), r));
    return { multipliers: best.multipliers, value: best.value * scale, isAtEdge };
  }

  /**
   * Looks for the minimum near some multipliers alone: few plans say little about what is far from those they were found at.
   * @param centre multipliers [R]
   * @param radius share by which each may differ; Infinity: anything is tried again
   */
  confine(centre: Float64Array, radius: number): void {
    this.#isConfined = radius < Infinity;
    this.#rows.forEach((_, r) => {
      const reach = this.#reach[r]!;
      const middle = this.#scaled(centre[r]!, r);
      const width = radius * Math.max(middle, LEAST_MULTIPLIER);
      const low = this.#isConfined ? Math.min(reach, Math.max(0, middle - width)) : 0;
      const high = this.#isConfined ? Math.min(reach, middle + width) : reach;
      this.#model.changeColBounds(this.#blocks + r, low, high);
      this.#low[r] = low;
      this.#high[r] = high;
    });
  }

  /** Frees the solver's memory. */
  dispose(): void {
    this.#model.dispose();
  }

  #isAtEdge(multiplier: number, r: number): boolean {
    if (!this.#isConfined) return false;
    const margin = 1e-6 * (this.#high[r]! - this.#low[r]!);
    return (
      (this.#low[r]! > 0 && multiplier <= this.#low[r]! + margin) ||
      (this.#high[r]! < this.#reach[r]! && multiplier >= this.#high[r]! - margin)
    );
  }

  /** A row of the solver below 1e-9 would be dropped with a warning: it changes nothing. */
  #addCut(block: number, profit: number, use: (r: number) => number): void {
    const indices = [block];
    const values = [1];
    this.#rows.forEach((_, r) => {
      const value = use(r);
      if (Math.abs(value) <= 1e-9) return;
      indices.push(this.#blocks + r);
      values.push(value);
    });
    this.#model.addRow(profit, this.#highs.infinity, { indices, values });
  }

  #solve(): { multipliers: Float64Array; heights: Float64Array; objective: number } {
    const model = this.#model;
    // The clock of a linear model adds up over its runs.
    model.zeroAllClocks();
    const { modelStatus } = model.run();
    if (modelStatus !== this.#highs.constants.modelStatus.optimal)
      throw new EngineError('the linear program of the limits could not be solved', {
        expected: 'an optimum',
        found: `status ${modelStatus} of HiGHS`,
      });
    const { colValue } = model.getSolution();
    const multipliers = colValue
      .slice(this.#blocks)
      .map((value, r) => Math.min(this.#high[r]!, Math.max(this.#low[r]!, value)));
    return { multipliers, heights: colValue.slice(0, this.#blocks), objective: model.getObjectiveValue() };
  }

  /** Where a hard row's multiplier is at its largest, it may have to be larger. */
  #reachFurther(multipliers: Float64Array): boolean {
    if (this.#isConfined) return false;
    let further = false;
    this.#rows.forEach(({ price }, r) => {
      if (price !== null || multipliers[r]! < 0.99 * this.#reach[r]! || this.#reach[r]! >= MOST_REACH) return;
      this.#reach[r]! *= 4;
      this.#high[r] = this.#reach[r]!;
      this.#model.changeColBounds(this.#blocks + r, 0, this.#reach[r]!);
      further = true;
    });
    return further;
  }
}
