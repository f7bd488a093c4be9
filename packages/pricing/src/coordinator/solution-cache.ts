import type { Evaluation } from './linking-row.ts';

/** Distinct plans of one evaluation: those that the article had already are left out. */
interface Generation {
  readonly profit: Float64Array;
  readonly use: Float64Array;
  /** 1: this plan of the article was there before [A]. */
  readonly isOld: Uint8Array;
  /** Levels of the plans that are new, end to end, and where each begins [A]. */
  readonly levels: Uint8Array;
  readonly start: Float64Array;
}

/** Sums over the best plans of blocks of articles: B blocks, R rows. */
export interface BlockSums {
  readonly profit: Float64Array;
  readonly use: Float64Array;
  /** Σ profit − multipliers · use over all blocks. */
  total: number;
}

/**
 * Every plan that an article ever had, to be recombined between two evaluations (the maximum-violation heuristic). Bytes of a
 * generation: A · (8 · (R + 2) + 1) and the levels of new plans, a byte each.
 */
export class SolutionCache {
  readonly articles: number;
  readonly rows: number;
  /** Articles of a block: article a is of block a mod blocks. */
  readonly blocks: number;
  readonly #offsets: Float64Array;
  readonly #generations: Generation[] = [];

  /**
   * @param offsets where plans begin [A + 1]
   * @param rows linking rows
   * @param blocks blocks of articles, at most
   */
  constructor(offsets: Float64Array, rows: number, blocks: number) {
    this.#offsets = offsets;
    this.articles = offsets.length - 1;
    this.rows = rows;
    this.blocks = Math.max(1, Math.min(blocks, this.articles));
  }

  /** Generations there are. */
  get size(): number {
    return this.#generations.length;
  }

  /** What the plans of each generation earn and use. */
  get evaluations(): readonly Pick<Evaluation, 'profit' | 'use'>[] {
    return this.#generations;
  }

  /**
   * The same plans under other rows: what they use of them is told anew, all else is shared. What is added to the one is not in the
   * other.
   * @param rows how many
   * @param use turns what a generation uses of the rows of this cache into what it uses of those [A·rows]
   * @returns the cache
   */
  viewed(rows: number, use: (own: Float64Array) => Float64Array): SolutionCache {
    const cache = new SolutionCache(this.#offsets, rows, this.blocks);
    for (const generation of this.#generations)
      cache.#generations.push({ ...generation, use: use(generation.use) });
    return cache;
  }

  /**
   * Keeps the plans of an evaluation.
   * @param evaluation of all articles
   * @returns articles that got a plan they did not have
   */
  add({ profit, use, levels }: Evaluation): number {
    const isOld = new Uint8Array(this.articles);
    const start = new Float64Array(this.articles);
    const kept = new Uint8Array(levels.length);
    let end = 0;
    let added = 0;
    for (let a = 0; a < this.articles; a++) {
      const plan = levels.subarray(this.#offsets[a]!, this.#offsets[a + 1]!);
      if (this.#has(a, plan)) {
        isOld[a] = 1;
        continue;
      }
      kept.set(plan, end);
      start[a] = end;
      end += plan.length;
      added++;
    }
    this.#generations.push({ profit, use, isOld, start, levels: kept.slice(0, end) });
    return added;
  }

  #has(a: number, plan: Uint8Array): boolean {
    return this.#generations.some(({ isOld }, g) => isOld[a] === 0 && equal(this.planOf(a, g), plan));
  }

  /**
   * @param a article
   * @param g generation whose plan of the article was new
   * @returns levels, a view
   */
  planOf(a: number, g: number): Uint8Array {
    const { levels, start } = this.#generations[g]!;
    return levels.subarray(start[a]!, start[a]! + this.#offsets[a + 1]! - this.#offsets[a]!);
  }

  /**
   * @param a article
   * @param g generation
   * @returns whether the plan of the article was new in it
   */
  isNew(a: number, g: number): boolean {
    return this.#generations[g]!.isOld[a] === 0;
  }

  /**
   * @param a article
   * @param g generation
   * @returns what the plan earns
   */
  profitOf(a: number, g: number): number {
    return this.#generations[g]!.profit[a]!;
  }

  /**
   * @param a article
   * @param g generation
   * @param r row
   * @returns what the plan uses of the row
   */
  useOf(a: number, g: number, r: number): number {
    return this.#generations[g]!.use[a * this.rows + r]!;
  }

  /**
   * What a plan is worth at some multipliers.
   * @param a article
   * @param g generation
   * @param multipliers of the rows
   * @returns profit − multipliers · use
   */
  worthOf(a: number, g: number, multipliers: Float64Array): number {
    const { profit, use } = this.#generations[g]!;
    let worth = profit[a]!;
    for (let r = 0; r < this.rows; r++) worth -= multipliers[r]! * use[a * this.rows + r]!;
    return worth;
  }

  /**
   * Takes each article's best plan, the earliest of equals.
   * @param multipliers of the rows
   * @param choice generation of each article, filled in [A]
   * @returns sums by block
   */
  best(multipliers: Float64Array, choice: Int32Array): BlockSums {
    const { rows, blocks } = this;
    const sums = { profit: new Float64Array(blocks), use: new Float64Array(blocks * rows), total: 0 };
    const worth = new Float64Array(this.articles).fill(-Infinity);
    // Most limits do not bind: what is used of them costs nothing.
    const priced = Int32Array.from(multipliers.keys()).filter((r) => multipliers[r] !== 0);
    for (let g = 0; g < this.#generations.length; g++) {
      const { profit, use, isOld } = this.#generations[g]!;
      for (let a = 0; a < this.articles; a++) {
        if (isOld[a] === 1) continue;
        let own = profit[a]!;
        for (let i = 0; i < priced.length; i++) own -= multipliers[priced[i]!]! * use[a * rows + priced[i]!]!;
        if (own <= worth[a]!) continue;
        worth[a] = own;
        choice[a] = g;
      }
    }
    for (let a = 0; a < this.articles; a++) {
      const { profit, use } = this.#generations[choice[a]!]!;
      const b = a % blocks;
      sums.total += worth[a]!;
      sums.profit[b]! += profit[a]!;
      for (let r = 0; r < rows; r++) sums.use[b * rows + r]! += use[a * rows + r]!;
    }
    return sums;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
