import { Inputs, MISSING } from './inputs.ts';
import type { TreeText } from './tree-text.ts';

/** Integers of a node; the walk knows that they are four. */
export const NODE = 4;

/** All trees of a model in a few arrays, as they are walked. */
export interface CompiledTrees {
  readonly inputs: Inputs;
  /**
   * {@link NODE} integers a node: input (below 0: ~input, and the test is a set's); child where the test holds; child
   * where not; for sets, where its bits begin in `sets`. Children are positions of nodes in this array, or ~ the position of a
   * leaf in `leafValues`.
   */
  readonly nodes: Int32Array;
  /** A test holds where input ≤ threshold; of a set: how many categories it knows. */
  readonly thresholds: Float64Array;
  /** Bits of the sets. */
  readonly sets: Int32Array;
  readonly leafValues: Float64Array;
  /** Where each tree begins in `nodes`, or ~ the position of its only leaf. */
  readonly roots: Int32Array;
  /** Where the leaves of each tree begin in `leafValues`. */
  readonly firstLeaves: Int32Array;
}

/**
 * @param trees of a model
 * @returns them in the form in which they are walked
 */
export function compileTrees(trees: readonly TreeText[]): CompiledTrees {
  const inputs = new Inputs();
  const splits = trees.reduce((sum, { leaves }) => sum + leaves - 1, 0);
  const nodes = new Int32Array(splits * NODE);
  const thresholds = new Float64Array(splits);
  const sets = new Int32Array(trees.reduce((sum, tree) => sum + tree.sets.length, 0));
  const leafValues = new Float64Array(splits + trees.length);
  const roots = new Int32Array(trees.length);
  const firstLeaves = new Int32Array(trees.length);
  let node = 0;
  let leaf = 0;
  let word = 0;
  trees.forEach((tree, number) => {
    firstLeaves[number] = leaf;
    roots[number] = tree.leaves === 1 ? ~leaf : node * NODE;
    leafValues.set(tree.leafValue, leaf);
    sets.set(tree.sets, word);
    for (let split = 0; split < tree.leaves - 1; split++) {
      const at = (node + split) * NODE;
      const place = (child: number): number => (child < 0 ? ~(leaf + ~child) : (node + child) * NODE);
      const left = place(tree.leftChild[split]!);
      const right = place(tree.rightChild[split]!);
      const feature = tree.splitFeature[split]!;
      const type = tree.decisionType[split]!;
      const threshold = tree.threshold[split]!;
      if ((type & 1) === 1) {
        const input = inputs.number({ feature, missing: MISSING.none, isNegated: false, isCategory: true });
        const begin = tree.setBoundaries[threshold]!;
        nodes.set([~input, left, right, (word + begin) * 32], at);
        thresholds[node + split] = (tree.setBoundaries[threshold + 1]! - begin) * 32;
        continue;
      }
      const missing = (type >> 2) & 3;
      const isNegated = missing !== MISSING.none && (type & 2) === 2;
      const input = inputs.number({ feature, missing, isNegated, isCategory: false });
      nodes.set(isNegated ? [input, right, left, 0] : [input, left, right, 0], at);
      thresholds[node + split] = isNegated ? below(-threshold) : threshold;
    }
    node += tree.leaves - 1;
    leaf += tree.leaves;
    word += tree.sets.length;
  });
  return { inputs, nodes, thresholds, sets, leafValues, roots, firstLeaves };
}

const BITS = new BigInt64Array(1);
const DOUBLE = new Float64Array(BITS.buffer);

/** The greatest double below another; NaN below −∞: nothing is less than or equal to it. */
function below(value: number): number {
  if (value === -Infinity) return NaN;
  if (value === 0) return -Number.MIN_VALUE;
  DOUBLE[0] = value;
  BITS[0] = BITS[0]! + (value > 0 ? -1n : 1n);
  return DOUBLE[0];
}
