import type { CompiledTrees } from './compiled-trees.ts';
import { leafOf, walk } from './walk.ts';

/**
 * Walks trees for runs of rows along which every input only rises, only falls, or stays. A test that the first and the last row of a
 * stretch answer alike is answered so by all between them: where both reach the same leaf, these are not walked at all. A grid of
 * prices costs a few walks a tree instead of one a price.
 */
export class RunWalker {
  readonly #trees: CompiledTrees;
  readonly #length: number;
  readonly #first: Int32Array;
  readonly #last: Int32Array;

  /**
   * @param trees of the model
   * @param length rows of a run, 2 or more
   * @param runs of a block, at most
   */
  constructor(trees: CompiledTrees, length: number, runs: number) {
    this.#trees = trees;
    this.#length = length;
    this.#first = new Int32Array(runs);
    this.#last = new Int32Array(runs);
  }

  /**
   * @param tree its number
   * @param block inputs, row by row
   * @param count of rows: whole runs
   * @param leaves receives the position of the leaf of each row in `leafValues`
   */
  walk(tree: number, block: Float64Array, count: number, leaves: Int32Array): void {
    const width = this.#trees.inputs.count;
    const length = this.#length;
    const runs = count / length;
    walk(this.#trees, tree, block, runs, this.#first, width * length);
    walk(this.#trees, tree, block.subarray((length - 1) * width), runs, this.#last, width * length);
    for (let run = 0; run < runs; run++) {
      const from = run * length;
      leaves[from] = this.#first[run]!;
      leaves[from + length - 1] = this.#last[run]!;
      this.#between(tree, block, from, from + length - 1, leaves);
    }
  }

  /** Fills in the rows between two whose leaves are known. */
  #between(tree: number, block: Float64Array, low: number, high: number, leaves: Int32Array): void {
    if (high - low < 2) return;
    if (leaves[low] === leaves[high]) {
      leaves.fill(leaves[low]!, low + 1, high);
      return;
    }
    const middle = (low + high) >> 1;
    leaves[middle] = leafOf(this.#trees, tree, block, middle * this.#trees.inputs.count);
    this.#between(tree, block, low, middle, leaves);
    this.#between(tree, block, middle, high, leaves);
  }
}
