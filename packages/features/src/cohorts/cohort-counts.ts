import { Hierarchy, type HierarchyLevel } from '../shrinkage/hierarchy.ts';
import type { RiskSets } from './hazards.ts';
import type { CohortRows } from './read-cohorts.ts';

/** Room for so many nodes at first. */
const INITIAL_NODES = 64;

/**
 * Counts of cohorts, by node of a hierarchy's finest level: enough for the risk set of every lag, without ever bringing a
 * sale and its returns together. Units of a cohort of age a are at risk at the lags 0 … a; units that came back at lag j
 * are no longer at risk at j + 1 … a. Both are runs of lags, so that only their ends are counted, and running sums give
 * the risk sets. Whole units are counted exactly; parts of units leave rounding errors where nobody is at risk, so that the
 * last lag that cohorts of a node have reached is kept too. Memory: 8 × (2 × maximumLag + 3) + 4 bytes per node.
 */
export class CohortCounts {
  readonly hierarchy: Hierarchy;
  readonly #lags: number;
  /** By node: changes of the risk set at lags 0 … K + 1, then events at lags 0 … K. */
  #counts: Float64Array;
  /** By node: how many lags its oldest cohort has reached, 0 without sales. */
  #reached = new Int32Array(INITIAL_NODES);

  /**
   * @param levels of the hierarchy
   * @param maximumLag K
   */
  constructor(levels: readonly HierarchyLevel[], maximumLag: number) {
    this.hierarchy = new Hierarchy(levels);
    this.#lags = maximumLag + 1;
    this.#counts = new Float64Array(INITIAL_NODES * this.#width);
  }

  get #width(): number {
    return 2 * this.#lags + 1;
  }

  /**
   * Adds units sold.
   * @param rows of a batch
   */
  addSales(rows: CohortRows): void {
    const nodes = this.#nodesOf(rows);
    const { age, units } = rows;
    for (let row = 0; row < nodes.length; row++) {
      if (units[row] === 0) continue;
      const base = nodes[row]! * this.#width;
      this.#counts[base]! += units[row]!;
      const after = this.#afterAge(age[row]!);
      this.#counts[base + after]! -= units[row]!;
      if (after > this.#reached[nodes[row]!]!) this.#reached[nodes[row]!] = after;
    }
  }

  /**
   * Adds units returned.
   * @param rows of a batch
   */
  addReturns(rows: CohortRows): void {
    const nodes = this.#nodesOf(rows);
    const { age, lag, units } = rows;
    for (let row = 0; row < nodes.length; row++) {
      if (units[row] === 0) continue;
      const base = nodes[row]! * this.#width;
      this.#counts[base + lag[row]! + 1]! -= units[row]!;
      this.#counts[base + this.#afterAge(age[row]!)]! += units[row]!;
      this.#counts[base + this.#lags + 1 + lag[row]!]! += units[row]!;
    }
  }

  /**
   * Risk sets of all levels; call once, after the last row.
   * @param parents as `hierarchy.complete()` gives them
   * @returns counts by level, the root's first
   */
  riskSets(parents: readonly Int32Array[]): RiskSets[] {
    const { finest } = this.hierarchy;
    const sets: RiskSets[] = [];
    sets[finest] = this.#finestSets();
    for (let level = finest; level > 0; level--)
      sets[level - 1] = sumSets(sets[level]!, parents[level]!, this.hierarchy.size(level - 1));
    return sets;
  }

  /** The first lag at which a cohort of this age is no longer at risk. */
  #afterAge(age: number): number {
    return Math.min(age + 1, this.#lags);
  }

  #finestSets(): RiskSets {
    const nodes = this.hierarchy.size(this.hierarchy.finest);
    const atRisk = new Float64Array(nodes * this.#lags);
    const events = new Float64Array(nodes * this.#lags);
    for (let node = 0; node < nodes; node++) {
      let running = 0;
      for (let lag = 0; lag < this.#lags; lag++) {
        running += this.#counts[node * this.#width + lag]!;
        atRisk[node * this.#lags + lag] = lag < this.#reached[node]! ? running : 0;
        events[node * this.#lags + lag] = this.#counts[node * this.#width + this.#lags + 1 + lag]!;
      }
    }
    return { width: this.#lags, atRisk, events };
  }

  #nodesOf(rows: CohortRows): Int32Array {
    const nodes = this.hierarchy.add(rows.keys);
    const needed = this.hierarchy.size(this.hierarchy.finest) * this.#width;
    if (needed > this.#counts.length) {
      const larger = new Float64Array(2 * needed);
      larger.set(this.#counts);
      this.#counts = larger;
      const reached = new Int32Array(larger.length / this.#width);
      reached.set(this.#reached);
      this.#reached = reached;
    }
    return nodes;
  }
}

function sumSets(sets: RiskSets, parent: Int32Array, parents: number): RiskSets {
  const { width } = sets;
  const atRisk = new Float64Array(parents * width);
  const events = new Float64Array(parents * width);
  for (let node = 0; node < parent.length; node++) {
    for (let lag = 0; lag < width; lag++) {
      atRisk[parent[node]! * width + lag]! += sets.atRisk[node * width + lag]!;
      events[parent[node]! * width + lag]! += sets.events[node * width + lag]!;
    }
  }
  return { width, atRisk, events };
}
