import { TextFields } from './text-fields.ts';

/** A tree as its text has it. Children below 0 are leaves: ~child is the leaf's number. */
export interface TreeText {
  readonly leaves: number;
  /** Whether leaves hold linear models and not values. */
  readonly isLinear: boolean;
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

/** More lines the library does not read. */
const MOST_LINES = 22;
const MOST_DECISION = 0b1011;

/**
 * Reads a tree, and checks all that the library relies on: it reads trees without looking whether they are whole.
 * @param lines of its text
 * @param tree its number, for errors
 * @param features of the model
 * @returns the tree
 * @throws LightgbmError when it is damaged
 */
export function parseTree(lines: readonly string[], tree: number, features: number): TreeText {
  const fields = new TextFields(lines, `tree ${tree}`);
  if (lines.length > MOST_LINES) throw fields.damaged('lines', `at most ${MOST_LINES}`, `${lines.length}`);
  const leaves = fields.whole('num_leaves');
  if (leaves < 1) throw fields.damaged('num_leaves', 'at least 1', '0');
  const splits = leaves - 1;
  const count = fields.whole('num_cat');
  const boundaries = count === 0 ? [0] : fields.numbers('cat_boundaries', count + 1, true);
  if (boundaries[0] !== 0 || boundaries.some((one, at) => at > 0 && one < boundaries[at - 1]!))
    throw fields.damaged('cat_boundaries', 'rising numbers from 0 on');
  const parsed: TreeText = {
    leaves,
    isLinear: parseLinear(fields, leaves, features),
    splitFeature: Int32Array.from(fields.numbers('split_feature', splits, true)),
    threshold: Float64Array.from(fields.numbers('threshold', splits, false)),
    decisionType: Int32Array.from(fields.numbers('decision_type', splits, true)),
    leftChild: Int32Array.from(fields.numbers('left_child', splits, true)),
    rightChild: Int32Array.from(fields.numbers('right_child', splits, true)),
    leafValue: Float64Array.from(fields.numbers('leaf_value', leaves, false)),
    setBoundaries: Int32Array.from(boundaries),
    sets: Uint32Array.from(count === 0 ? [] : fields.numbers('cat_threshold', boundaries.at(-1)!, true)),
  };
  checkSplits(parsed, fields, count, features);
  checkStatistics(fields, leaves);
  return parsed;
}

function checkSplits(tree: TreeText, fields: TextFields, sets: number, features: number): void {
  const { splitFeature, threshold, decisionType, leftChild, rightChild, leaves } = tree;
  const splits = leaves - 1;
  if (splitFeature.some((one) => one < 0 || one >= features))
    throw fields.damaged('split_feature', `numbers below ${features}`);
  if (decisionType.some((one) => one < 0 || one > MOST_DECISION))
    throw fields.damaged('decision_type', `numbers from 0 to ${MOST_DECISION}`);
  const isSet = (value: number, node: number): boolean =>
    (decisionType[node]! & 1) === 0
      ? !Number.isNaN(value)
      : Number.isInteger(value) && value >= 0 && value < sets;
  if (!threshold.every(isSet)) throw fields.damaged('threshold', `numbers, and sets below ${sets}`);
  const seen = new Set<number>();
  for (const [name, children] of [
    ['left_child', leftChild],
    ['right_child', rightChild],
  ] as const)
    children.forEach((child, node) => {
      // A child comes after its parent and has no other one, so that every walk ends.
      const isBelow = child < 0 ? ~child < leaves : child > node && child < splits;
      if (!isBelow || seen.has(child))
        throw fields.damaged(name, 'nodes further down or leaves, each of them once', String(child));
      seen.add(child);
    });
}

/** What only importances and SHAP values need may be missing, but not in part. */
function checkStatistics(fields: TextFields, leaves: number): void {
  const check = (name: string, count: number, isInteger: boolean): void => {
    // A tree of one leaf has empty ones.
    if (fields.has(name) && !(leaves === 1 && fields.text(name) === ''))
      fields.numbers(name, count, isInteger);
  };
  for (const name of ['split_gain', 'internal_value', 'internal_weight']) check(name, leaves - 1, false);
  check('internal_count', leaves - 1, true);
  check('leaf_weight', leaves, false);
  check('leaf_count', leaves, true);
  check('shrinkage', 1, false);
}

function parseLinear(fields: TextFields, leaves: number, features: number): boolean {
  const flag = fields.has('is_linear') ? fields.whole('is_linear') : 0;
  if (flag > 1) throw fields.damaged('is_linear', '0 or 1', String(flag));
  if (flag === 0) return false;
  fields.numbers('leaf_const', leaves, false);
  const counts = fields.numbers('num_features', leaves, true);
  if (counts.some((one) => one < 0)) throw fields.damaged('num_features', 'numbers from 0 on');
  const sum = counts.reduce((all, one) => all + one, 0);
  const used = fields.numbers('leaf_features', sum, true);
  if (used.some((one) => one < 0 || one >= features))
    throw fields.damaged('leaf_features', `numbers below ${features}`);
  fields.numbers('leaf_coeff', sum, false);
  return true;
}
