import { readFileSync } from 'node:fs';
import { LightgbmError } from '../lightgbm-error.ts';
import type { ResolvedParameters } from './parameters.ts';

const CONSTRAINTS = /^\[\d+(,\d+)*\](,\[\d+(,\d+)*\])*$/;
const FILES = ['forcedbins_filename', 'forcedsplits_filename'] as const;

/**
 * Checks what parameters say of single features, where LightGBM does not: groups of features that there are not end the process, and
 * files that are missing or no JSON are passed over.
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
  for (const name of FILES) {
    const path = parameters[name];
    if (path === undefined) continue;
    try {
      JSON.parse(readFileSync(path, 'utf8'));
    } catch (cause) {
      throw new LightgbmError(`the file of the parameter ${name} cannot be used`, {
        expected: 'JSON as the documentation of LightGBM describes it',
        found: `${path}: ${(cause as Error).message}`,
        cause,
      });
    }
  }
}
