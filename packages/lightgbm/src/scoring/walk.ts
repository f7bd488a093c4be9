import type { CompiledTrees } from './compiled-trees.ts';

/**
 * Walks one tree for the rows of a block, four rows abreast: each step waits for memory, and the steps of different rows do
 * not wait for each other. A row that has reached its leaf makes room for the next.
 * @param trees of the model
 * @param tree its number
 * @param block inputs, row by row
 * @param count of rows
 * @param leaves receives the position of the leaf of each row in `leafValues`
 */
export function walk(
  trees: CompiledTrees,
  tree: number,
  block: Float64Array,
  count: number,
  leaves: Int32Array,
): void {
  const { nodes, thresholds, sets } = trees;
  const width = trees.inputs.count;
  const root = trees.roots[tree]!;
  if (root < 0) {
    leaves.fill(~root, 0, count);
    return;
  }
  let next = 0;
  if (count >= 4) {
    // Row and node of each lane.
    let [rowA, rowB, rowC, rowD] = [0, 1, 2, 3];
    let [a, b, c, d] = [root, root, root, root];
    next = 4;
    for (;;) {
      a = step(nodes, thresholds, sets, block, rowA * width, a);
      b = step(nodes, thresholds, sets, block, rowB * width, b);
      c = step(nodes, thresholds, sets, block, rowC * width, c);
      d = step(nodes, thresholds, sets, block, rowD * width, d);
      if ((a | b | c | d) >= 0) continue;
      // Four rows must be left: the others are finished one by one.
      if (next + 4 > count) break;
      if (a < 0) {
        leaves[rowA] = ~a;
        rowA = next++;
        a = root;
      }
      if (b < 0) {
        leaves[rowB] = ~b;
        rowB = next++;
        b = root;
      }
      if (c < 0) {
        leaves[rowC] = ~c;
        rowC = next++;
        c = root;
      }
      if (d < 0) {
        leaves[rowD] = ~d;
        rowD = next++;
        d = root;
      }
    }
    leaves[rowA] = ~finish(trees, block, rowA * width, a);
    leaves[rowB] = ~finish(trees, block, rowB * width, b);
    leaves[rowC] = ~finish(trees, block, rowC * width, c);
    leaves[rowD] = ~finish(trees, block, rowD * width, d);
  }
  for (; next < count; next++) leaves[next] = ~finish(trees, block, next * width, root);
}

function finish(trees: CompiledTrees, block: Float64Array, base: number, node: number): number {
  const { nodes, thresholds, sets } = trees;
  while (node >= 0) node = step(nodes, thresholds, sets, block, base, node);
  return node;
}

/** From a node to its child, without a branch on the outcome of its test: that is as good as random. */
function step(
  nodes: Int32Array,
  thresholds: Float64Array,
  sets: Int32Array,
  block: Float64Array,
  base: number,
  node: number,
): number {
  const input = nodes[node]!;
  const threshold = thresholds[node >> 2]!;
  if (input >= 0) return nodes[node + 1 + (+!(block[base + input]! <= threshold) | 0)]!;
  const category = block[base + ~input]!;
  if (category >= threshold) return nodes[node + 2]!;
  const bit = nodes[node + 3]! + category;
  return nodes[node + 1 + ((~sets[bit >> 5]! >>> (bit & 31)) & 1)]!;
}
