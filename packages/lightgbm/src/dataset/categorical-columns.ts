import { LightgbmError } from '../lightgbm-error.ts';
import type { ResolvedParameters } from '../parameters/parameters.ts';

/** What says which columns hold categories. */
interface Given {
  readonly categorical?: readonly number[];
  readonly featureNames?: readonly string[];
}

/** How LightGBM is told that names follow. */
const NAMES = 'name:';

/**
 * Which columns hold categories. LightGBM passes over numbers of columns that there are not.
 * @param given options of a dataset
 * @param parameters of a dataset
 * @param columns of its table
 * @returns their numbers, rising
 * @throws LightgbmError when they are given twice, or are no columns of the table
 */
export function categoricalColumns(given: Given, parameters: ResolvedParameters, columns: number): number[] {
  const { categorical = [], featureNames = [] } = given;
  const text = parameters.categorical_feature;
  if (text !== undefined && categorical.length > 0)
    throw new LightgbmError('categorical columns are given twice', {
      expected: '`categorical` or a parameter',
      found: `both, the parameter being categorical_feature=${text}`,
    });
  const numbers =
    text === undefined
      ? categorical
      : text.startsWith(NAMES)
        ? text
            .slice(NAMES.length)
            .split(',')
            .map((name) => numberOf(name, featureNames))
        : text.split(',').map(Number);
  const odd = numbers.find((number) => !Number.isInteger(number) || number < 0 || number >= columns);
  if (odd !== undefined)
    throw new LightgbmError('a categorical column is not in the table', {
      expected: `whole numbers from 0 to ${columns - 1}`,
      found: text ?? String(odd),
    });
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function numberOf(name: string, featureNames: readonly string[]): number {
  const at = featureNames.indexOf(name);
  if (at !== -1) return at;
  throw new LightgbmError(`the categorical column ${name} is not in the table`, {
    expected: featureNames.length === 0 ? 'names in `featureNames`' : featureNames.join(', '),
    found: featureNames.length === 0 ? 'none' : name,
  });
}
