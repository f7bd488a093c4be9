import { isMatrix, shapeOf, type NumericTable } from '../dataset/numeric-table.ts';
import { LightgbmError } from '../lightgbm-error.ts';
import { compileTrees, type CompiledTrees } from './compiled-trees.ts';
import { parseModelText, type ModelText } from './model-text.ts';
import { transformOf } from './objective-transform.ts';
import { walk } from './walk.ts';

/** How to predict. */
export interface ScoreOptions {
  /** What the objective predicts, the score before its transformation, or the number of the leaf in each tree. */
  readonly kind?: 'value' | 'raw' | 'leaf';
  /** Receives the values; exactly as long as there are any. */
  readonly into?: Float64Array;
  /** First iteration; 0 by default. */
  readonly start?: number;
  /** How many iterations; all by default. */
  readonly iterations?: number;
}

/** Doubles of a block of rows: it stays in the cache while one tree after the other is walked. */
const BLOCK_DOUBLES = 4096;
const LEAST_ROWS = 64;

/** A model of LightGBM in plain TypeScript: scores without the library, and gives the same bits. */
export class TreeModel {
  readonly #text: Omit<ModelText, 'trees'>;
  readonly #trees: CompiledTrees;
  readonly #blockRows: number;

  private constructor(text: ModelText) {
    this.#text = text;
    this.#trees = compileTrees(text.trees);
    this.#blockRows = Math.max(LEAST_ROWS, Math.floor(BLOCK_DOUBLES / Math.max(1, this.#trees.inputs.count)));
  }

  /**
   * @param text of a model, as LightGBM writes it
   * @returns the model
   * @throws LightgbmError when it is none, is damaged, or has linear trees
   */
  static parse(text: string): TreeModel {
    const parsed = parseModelText(text);
    const linear = parsed.trees.findIndex(({ isLinear }) => isLinear);
    if (linear !== -1)
      throw new LightgbmError('linear trees are not scored without the library', {
        expected: 'trees with a value in each leaf',
        found: `is_linear=1 in tree ${linear}`,
        remedy: 'Train with linear_tree=false, or predict with Booster.',
      });
    return new TreeModel(parsed);
  }

  get features(): number {
    return this.#text.features;
  }

  get featureNames(): readonly string[] {
    return this.#text.featureNames;
  }

  /** Values a row. */
  get classes(): number {
    return this.#text.treesPerIteration;
  }

  get iterations(): number {
    return this.#trees.roots.length / this.#text.treesPerIteration;
  }

  /**
   * Predicts rows, on this thread. Raw scores and leaves are LightGBM's bit by bit; O(rows × trees × depth).
   * @param table with the columns that the model was trained on
   * @param options what to predict, and where to
   * @returns values row by row
   * @throws LightgbmError when table, range or buffer do not fit, or the objective is not known
   */
  predict(table: NumericTable, options: ScoreOptions = {}): Float64Array {
    const { kind = 'value', start = 0 } = options;
    const { rows, columns } = shapeOf(table);
    if (columns !== this.features && rows > 0)
      throw new LightgbmError('a table does not fit the model', {
        expected: `${this.features} columns`,
        found: `${columns}`,
      });
    const iterations = Math.max(0, Math.min(options.iterations ?? Infinity, this.iterations - start));
    const perIteration = this.#text.treesPerIteration;
    const width = kind === 'leaf' ? iterations * perIteration : perIteration;
    const out = options.into ?? new Float64Array(rows * width);
    if (out.length !== rows * width)
      throw new LightgbmError('the buffer for predictions is of the wrong length', {
        expected: `${rows} × ${width} values`,
        found: `${out.length}`,
      });
    const transform = kind === 'value' ? transformOf(this.#text.objective) : null;
    out.fill(0);
    const columnOf = columnsOf(table);
    const block = new Float64Array(this.#blockRows * this.#trees.inputs.count);
    const leaves = new Int32Array(this.#blockRows);
    const first = start * perIteration;
    const last = first + iterations * perIteration;
    for (let from = 0; from < rows; from += this.#blockRows) {
      const count = Math.min(this.#blockRows, rows - from);
      this.#trees.inputs.fill(columnOf, from, count, block);
      for (let tree = first; tree < last; tree++) {
        walk(this.#trees, tree, block, count, leaves);
        const to = from * width + ((tree - first) % width);
        if (kind === 'leaf') this.#putLeaves(tree, leaves, count, out, to, width);
        else this.#addValues(leaves, count, out, to, width);
      }
    }
    // Raw scores of a forest are sums, as LightGBM gives them.
    if (kind === 'value' && this.#text.isAveraged) for (let i = 0; i < out.length; i++) out[i]! /= iterations;
    if (transform !== null) for (let at = 0; at < out.length; at += width) transform(out, at, width);
    return out;
  }

  #addValues(leaves: Int32Array, count: number, out: Float64Array, to: number, width: number): void {
    const { leafValues } = this.#trees;
    for (let row = 0; row < count; row++, to += width) out[to] = out[to]! + leafValues[leaves[row]!]!;
  }

  #putLeaves(
    tree: number,
    leaves: Int32Array,
    count: number,
    out: Float64Array,
    to: number,
    width: number,
  ): void {
    const first = this.#trees.firstLeaves[tree]!;
    for (let row = 0; row < count; row++, to += width) out[to] = leaves[row]! - first;
  }
}

function columnsOf(
  table: NumericTable,
): (feature: number) => { array: ArrayLike<number>; offset: number; stride: number } {
  if (!isMatrix(table)) return (feature) => ({ array: table.columns[feature]!, offset: 0, stride: 1 });
  const { values, rows, columns } = table;
  return table.layout === 'row'
    ? (feature) => ({ array: values, offset: feature, stride: columns })
    : (feature) => ({ array: values, offset: feature * rows, stride: 1 });
}
