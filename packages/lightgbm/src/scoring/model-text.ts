import { LightgbmError } from '../lightgbm-error.ts';

/** A tree as its text has it. Children below 0 are leaves: ~child is the leaf's number. */
export interface TreeText {
  readonly leaves: number;
  readonly splitFeature: Int32Array;
  /** Of a categorical split: the number of its set. */
  readonly threshold: Float64Array;
  /** Bit 0: categorical; bit 1: missing values go left; bits 2 and 3: what is missing (0 nothing, 1 zero, 2 NaN). */
  readonly decisionType: Int32Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly leafValue: Float64Array;
  /** Where each set begins in `sets`, in words. */
  readonly setBoundaries: Int32Array;
  /** Bits of the categories that go left. */
  readonly sets: Uint32Array;
}

/** A model as its text has it. */
export interface ModelText {
  readonly classes: number;
  readonly treesPerIteration: number;
  readonly features: number;
  readonly featureNames: readonly string[];
  /** With its settings, such as `binary sigmoid:1`; empty for one of the caller's. */
  readonly objective: string;
  /** Whether trees are averaged (random forests) instead of added. */
  readonly isAveraged: boolean;
  readonly trees: readonly TreeText[];
}

type Fields = ReadonlyMap<string, string>;

/**
 * Reads the text of a model, as `Booster.toText` and all versions of LightGBM from 2.3 on write it.
 * @param text of a model
 * @returns what it says
 * @throws LightgbmError when it is none, is damaged, or has linear trees
 */
export function parseModelText(text: string): ModelText {
  const end = text.indexOf('\nend of trees');
  if (!text.startsWith('tree') || end === -1)
    throw new LightgbmError('this is not the text of a model of LightGBM', {
      expected: 'a text from "tree" to "end of trees"',
      found: text.startsWith('tree') ? 'no end: it was cut off' : JSON.stringify(text.slice(0, 40)),
    });
  const [head, ...bodies] = text.slice(0, end).split(/^Tree=\d+$/m);
  const header = fieldsOf(head!);
  const trees = bodies.map((body, tree) => parseTree(fieldsOf(body), tree));
  const sizes = (header.get('tree_sizes') ?? '').split(' ').filter((size) => size !== '');
  const treesPerIteration = whole(header, 'num_tree_per_iteration');
  if (sizes.length !== trees.length || trees.length % treesPerIteration !== 0)
    throw new LightgbmError('the text of a model is damaged', {
      expected: `${sizes.length} trees, ${treesPerIteration} an iteration`,
      found: `${trees.length}`,
    });
  const features = whole(header, 'max_feature_idx') + 1;
  const out = trees.findIndex(({ splitFeature }) =>
    splitFeature.some((one) => !(one >= 0 && one < features)),
  );
  if (out !== -1) throw damaged(out, 'split_feature', `numbers below ${features}`);
  return {
    classes: whole(header, 'num_class'),
    treesPerIteration,
    features,
    featureNames: (header.get('feature_names') ?? '').split(' '),
    objective: header.get('objective') ?? '',
    isAveraged: /^average_output$/m.test(head!),
    trees,
  };
}

function fieldsOf(part: string): Fields {
  return new Map(
    part.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

function parseTree(fields: Fields, tree: number): TreeText {
  if (fields.get('is_linear') === '1')
    throw new LightgbmError('linear trees are not scored without the library', {
      expected: 'trees with a value in each leaf',
      found: `is_linear=1 in tree ${tree}`,
      remedy: 'Train with linear_tree=false, or predict with Booster.',
    });
  const leaves = whole(fields, 'num_leaves');
  const splits = leaves - 1;
  const numbers = (name: string, count: number): number[] => {
    const text = fields.get(name) ?? '';
    const values = text === '' ? [] : text.split(' ').map(numberOf);
    if (values.length !== count || values.some(Number.isNaN)) throw damaged(tree, name, `${count} numbers`);
    return values;
  };
  const sets = whole(fields, 'num_cat');
  const boundaries = sets === 0 ? [0] : numbers('cat_boundaries', sets + 1);
  const parsed: TreeText = {
    leaves,
    splitFeature: Int32Array.from(numbers('split_feature', splits)),
    threshold: Float64Array.from(numbers('threshold', splits)),
    decisionType: Int32Array.from(numbers('decision_type', splits)),
    leftChild: Int32Array.from(numbers('left_child', splits)),
    rightChild: Int32Array.from(numbers('right_child', splits)),
    leafValue: Float64Array.from(numbers('leaf_value', leaves)),
    setBoundaries: Int32Array.from(boundaries),
    sets: sets === 0 ? new Uint32Array(0) : Uint32Array.from(numbers('cat_threshold', boundaries.at(-1)!)),
  };
  for (const name of ['leftChild', 'rightChild'] as const)
    // A child comes after its parent, so that every walk ends.
    if (parsed[name].some((child, node) => (child < 0 ? ~child >= leaves : child <= node || child >= splits)))
      throw damaged(
        tree,
        name === 'leftChild' ? 'left_child' : 'right_child',
        'nodes further down, or leaves',
      );
  const isSet = (threshold: number, node: number): boolean =>
    (parsed.decisionType[node]! & 1) === 0 ||
    (Number.isInteger(threshold) && threshold >= 0 && threshold < sets);
  if (!parsed.threshold.every(isSet)) throw damaged(tree, 'threshold', `sets below ${sets}`);
  return parsed;
}

/** C++ writes `inf` where every value but a missing one goes left. */
function numberOf(text: string): number {
  return text === 'inf' || text === '-inf' ? (text === 'inf' ? Infinity : -Infinity) : Number(text);
}

function whole(fields: Fields, name: string): number {
  const value = Number(fields.get(name) ?? NaN);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new LightgbmError('the text of a model is damaged', {
    expected: `a whole number ${name}`,
    found: fields.get(name) ?? 'none',
  });
}

function damaged(tree: number, name: string, expected: string): LightgbmError {
  return new LightgbmError(`tree ${tree} of a model is damaged: ${name}`, {
    expected,
    remedy: 'Save the model again.',
  });
}
