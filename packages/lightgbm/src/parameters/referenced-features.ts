import { readFileSync } from 'node:fs';
import { LightgbmError } from '../lightgbm-error.ts';
import type { ResolvedParameters } from './parameters.ts';

const CONSTRAINTS = /^\[\d+(,\d+)*\](,\[\d+(,\d+)*\])*$/;
const FILES = ['forcedbins_filename', 'forcedsplits_filename'] as const;

/** Of a tree, where nobody says. */
const LEAVES = 31;

/**
 * Checks what parameters say of single features, where LightGBM does not: groups of features, and the number of forced splits.
 * Forced splits of quantized gradients come out at random; files that are missing or no JSON are passed over.
 * @param parameters by first name
 * @param features of the dataset
 * @throws LightgbmError when one of them is wrong
 */
export function checkReferences(parameters: ResolvedParameters, features: number): void {
  const groups = parameters.interaction_constraints;
  if (groups !== undefined) {
    const most = Math.max(...(groups.match(/\d+/g) ?? []).map(Number));
    if (!CONSTRAINTS.test(groups) || most >= features)
      throw new LightgbmError('the parameter interaction_constraints does not fit the features', {
        expected: `groups of numbers from 0 to ${features - 1}, such as [[0, 1], [2]]`,
        found: groups,
      });
  }
  // LightGBM looks only where the dataset is made.
  const categories = (parameters.categorical_feature ?? '').split(',').filter((one) => one !== '');
  const signs = (parameters.monotone_constraints ?? '').split(',').map(Number);
  const odd = categories.find((column) => (signs[Number(column)] ?? 0) !== 0);
  if (odd !== undefined)
    throw new LightgbmError('what holds categories can neither rise nor fall', {
      expected: `0 for column ${odd} in monotone_constraints`,
      found: `${signs[Number(odd)]}`,
    });
  for (const name of FILES) {
    const path = parameters[name];
    if (path === undefined) continue;
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, 'utf8'));
    } catch (cause) {
      throw new LightgbmError(`the file of the parameter ${name} cannot be used`, {
        expected: 'JSON as the documentation of LightGBM describes it',
        found: `${path}: ${(cause as Error).message}`,
        cause,
      });
    }
    if (name === 'forcedsplits_filename' && /^(true|\+)$/i.test(parameters.use_quantized_grad ?? ''))
      throw new LightgbmError('forced splits and quantized gradients do not go together', {
        expected: 'forcedsplits_filename or use_quantized_grad',
        found: 'both',
        remedy: 'LightGBM splits at random then: the same training gives another model every time.',
      });
    const splits = name === 'forcedsplits_filename' ? countSplits(content) : 0;
    const leaves = Number(parameters.num_leaves ?? LEAVES);
    if (splits >= leaves)
      throw new LightgbmError('there are more forced splits than a tree may have', {
        expected: `less than num_leaves=${leaves}`,
        found: `${splits} in ${path}`,
      });
  }
}

/** Splits of a tree of forced ones: `{ feature, threshold, left, right }`. */
function countSplits(node: unknown): number {
  if (typeof node !== 'object' || node === null || Object.keys(node).length === 0) return 0;
  const { left, right } = node as { left?: unknown; right?: unknown };
  return 1 + countSplits(left) + countSplits(right);
}
