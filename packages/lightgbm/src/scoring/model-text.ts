import { LightgbmError } from '../lightgbm-error.ts';
import { readSections, writeSections, type ModelSections } from './model-sections.ts';
import { TextFields } from './text-fields.ts';
import { parseTree, type TreeText } from './tree-text.ts';

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

/** Lines of the head that have no value. */
const FLAGS = ['tree', 'average_output'];

/**
 * Reads the text of a model, as `Booster.toText` and all versions of LightGBM from 2.3 on write it.
 * @param text of a model; ends of lines, blanks there and a mark of byte order do not matter
 * @returns what it says
 * @throws LightgbmError when it is none, or is damaged
 */
export function parseModelText(text: string): ModelText {
  return parseSections(readSections(text));
}

/**
 * Checks the text of a model, and writes it as LightGBM does. The library reads a text without looking whether it is whole: a
 * damaged one is not checked there.
 * @param text of a model
 * @returns the text for the library
 * @throws LightgbmError when it is none, or is damaged
 */
export function normalizeModelText(text: string): string {
  const sections = readSections(text);
  parseSections(sections);
  return writeSections(sections);
}

function parseSections({ head, trees }: ModelSections): ModelText {
  const fields = new TextFields(head, 'the head', FLAGS);
  const sizes = fields.words('tree_sizes').length;
  const classes = fields.whole('num_class');
  const treesPerIteration = fields.whole('num_tree_per_iteration');
  if (treesPerIteration < 1 || treesPerIteration !== classes)
    throw fields.damaged('num_tree_per_iteration', `that of num_class, at least 1`, `${treesPerIteration}`);
  if (sizes !== trees.length || trees.length % treesPerIteration !== 0)
    throw new LightgbmError('the text of a model is damaged', {
      expected: `${sizes} trees, ${treesPerIteration} an iteration`,
      found: `${trees.length}`,
      remedy: 'Save the model again.',
    });
  const objective = fields.text('objective');
  const own = /\bnum_class:(\S+)/.exec(objective)?.[1] ?? classes;
  if (Number(own) !== classes) throw fields.damaged('objective', `num_class:${classes}`, objective);
  fields.whole('label_index');
  const features = fields.whole('max_feature_idx') + 1;
  const featureNames = fields.words('feature_names');
  for (const name of ['feature_names', 'feature_infos', 'monotone_constraints']) {
    const count = fields.words(name).length;
    if (count !== features && (name !== 'monotone_constraints' || fields.has(name)))
      throw fields.damaged(name, `${features} of them`, `${count}`);
  }
  return {
    classes,
    treesPerIteration,
    features,
    featureNames,
    objective,
    isAveraged: fields.has('average_output'),
    trees: trees.map((lines, tree) => parseTree(lines, tree, features)),
  };
}
