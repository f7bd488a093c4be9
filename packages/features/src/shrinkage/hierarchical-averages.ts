import { DataError, type Batch } from '@hemline/core';
import { GroupedSums } from './grouped-sums.ts';
import { Hierarchy, type HierarchyLevel } from './hierarchy.ts';
import { ShrunkAverages } from './shrunk-averages.ts';
import { betweenVariance, pooledMeans, type LevelMeans } from './variance-components.ts';

/** Positions of the sums: Σw, Σwy, Σwy², number of rows. */
const MASS = 0;
const TOTAL = 1;
const SQUARES = 2;
const ROWS = 3;

/**
 * Averages through a nested hierarchy, each shrunk toward the one above by as much as the data says (empirical Bayes).
 *
 * Model: the rows y_r of a finest node scatter around its true mean with variance σ² / w_r; the true means of the nodes of
 * a level scatter around that of the node above with variance τ², one τ² per level. Rows are the independent draws and
 * weights their precision, so counts that vary more than chance alone allows only make σ² larger. σ² is the pooled
 * variance within the finest nodes, τ² of each level a moment estimate ({@link betweenVariance}), means go up the
 * hierarchy by their precision, and shrunk values go down it: θ = θ_above + (m − θ_above) τ² / (τ² + v), v the sampling
 * variance of the mean m. At the finest level v = σ² / n, so that κ = σ² / τ² is the weight of the prior in units of
 * weight. With τ² = 0 a node takes the value above it. For normal data this is the best linear unbiased predictor given
 * the variances (Searle, Casella & McCulloch 1992, Variance Components, chapter 7).
 *
 * Rows stream through; memory grows with the nodes of the finest level (64 bytes each, and the keys).
 */
export class HierarchicalAverages {
  readonly #hierarchy: Hierarchy;
  readonly #what: string;
  readonly #sums = new GroupedSums(4);

  /**
   * @param levels below the root, coarsest first, each with the columns of the one before
   * @param what is averaged, for messages: `return cost`
   */
  constructor(levels: readonly HierarchyLevel[], what: string) {
    this.#what = what;
    this.#hierarchy = new Hierarchy(levels);
  }

  /**
   * Adds observations. Rows without weight are passed over.
   * @param batch with the key columns of the finest level
   * @param values one per row, any number
   * @param weights one per row: units, or whatever the precision is proportional to
   * @throws DataError for a weight that is negative or no number, or a value that is no number
   */
  add(batch: Batch, values: Float64Array, weights: Float64Array): void {
    const nodes = this.#hierarchy.add(batch);
    const sums = this.#sums;
    sums.reserve(this.#hierarchy.size(this.#hierarchy.finest));
    for (let row = 0; row < nodes.length; row++) {
      const weight = weights[row]!;
      if (weight === 0) continue;
      const value = values[row]!;
      if (!(weight > 0 && Number.isFinite(weight) && Number.isFinite(value)))
        throw badRow(
          this.#what,
          this.#hierarchy.describe(this.#hierarchy.finest, nodes[row]!),
          value,
          weight,
        );
      const node = nodes[row]!;
      const product = weight * value;
      sums.add(node, MASS, weight);
      sums.add(node, TOTAL, product);
      sums.add(node, SQUARES, product * value);
      sums.add(node, ROWS, 1);
    }
  }

  /**
   * Estimates the variances and shrinks. Call once, after the last row.
   * @returns the averages
   * @throws DataError when there was no row with weight
   */
  fit(): ShrunkAverages {
    const hierarchy = this.#hierarchy;
    const parents = hierarchy.complete();
    const within = this.#withinVariance(parents);
    const levels: LevelMeans[] = [];
    const between: number[] = [];
    levels[hierarchy.finest] = this.#finestMeans(within);
    for (let level = hierarchy.finest; level > 0; level--) {
      const above = hierarchy.size(level - 1);
      between[level] = betweenVariance(levels[level]!, parents[level]!, above);
      levels[level - 1] = pooledMeans(levels[level]!, between[level]!, parents[level]!, above);
    }
    between[0] = 0;
    return new ShrunkAverages(
      hierarchy,
      shrinkDown(levels, between, parents),
      levels.map(({ mass }) => mass),
      { within, between },
    );
  }

  #finestMeans(within: number): LevelMeans {
    const size = this.#hierarchy.size(this.#hierarchy.finest);
    const mass = this.#sums.column(MASS, size);
    const mean = this.#sums.column(TOTAL, size).map((total, node) => total / mass[node]!);
    if (!mass.some((weight) => weight > 0)) {
      throw new DataError(`there is no ${this.#what} to average`, {
        expected: 'at least one row with a positive weight',
        found: size === 0 ? 'no row' : `${size} keys without weight`,
        remedy: 'Choose a later cutoff, or data that goes back further.',
      });
    }
    return { mean, mass, variance: mass.map((weight) => within / weight) };
  }

  /**
   * σ²: pooled variance of the rows around the mean of their finest node. Where no node has two rows, of the next level
   * that has: that includes differences between nodes, which cannot be told apart then.
   */
  #withinVariance(parents: readonly Int32Array[]): number {
    const finest = this.#hierarchy.finest;
    const leaves = this.#hierarchy.size(finest);
    let node = Int32Array.from({ length: leaves }, (_, leaf) => leaf);
    for (let level = finest; level >= 0; level--) {
      const pooled = new GroupedSums(4);
      pooled.reserve(this.#hierarchy.size(level));
      for (let leaf = 0; leaf < leaves; leaf++)
        for (let position = 0; position < 4; position++)
          pooled.add(node[leaf]!, position, this.#sums.at(leaf, position));
      const variance = pooledVariance(pooled, this.#hierarchy.size(level));
      if (variance !== null) return variance;
      if (level > 0) node = node.map((one) => parents[level]![one]!);
    }
    return 0;
  }
}

/** Null without two rows in any group. */
function pooledVariance(sums: GroupedSums, groups: number): number | null {
  const result = new GroupedSums(1);
  let degrees = 0;
  for (let group = 0; group < groups; group++) {
    const rows = sums.at(group, ROWS);
    if (rows < 2) continue;
    degrees += rows - 1;
    // Rounding may leave a tiny negative number where all rows are equal.
    result.add(
      0,
      0,
      Math.max(0, sums.at(group, SQUARES) - sums.at(group, TOTAL) ** 2 / sums.at(group, MASS)),
    );
  }
  return degrees === 0 ? null : result.at(0, 0) / degrees;
}

function shrinkDown(
  levels: readonly LevelMeans[],
  between: readonly number[],
  parents: readonly Int32Array[],
): Float64Array[] {
  const values: Float64Array[] = [levels[0]!.mean];
  for (let level = 1; level < levels.length; level++) {
    const { mean, variance, mass } = levels[level]!;
    const tau = between[level]!;
    values[level] = mean.map((own, node) => {
      const above = values[level - 1]![parents[level]![node]!]!;
      if (tau === 0 || mass[node] === 0) return above;
      return above + (own - above) * (tau / (tau + variance[node]!));
    });
  }
  return values;
}

function badRow(what: string, key: string, value: number, weight: number): DataError {
  return new DataError(`an observation of ${what} cannot be averaged`, {
    expected: 'a finite value with a finite weight of at least 0',
    found: `value ${value}, weight ${weight} for ${key}`,
    remedy: 'Correct the row, or take it out.',
  });
}
