import { LightgbmError } from '../lightgbm-error.ts';
import type { ResolvedParameters } from '../parameters/parameters.ts';
import type { Matrix } from './numeric-table.ts';

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

/**
 * Columns whose negative categories are to be handed on as missing. LightGBM takes them for missing itself, but says so on the
 * threads that look for bins, which know of no `verbosity`. Where missing values mean something else, they are left to it.
 * @param parameters of a dataset
 * @returns their numbers
 */
export function columnsToClean(parameters: ResolvedParameters): ReadonlySet<number> {
  const { categorical_feature: text, use_missing: useMissing, zero_as_missing: zeroAsMissing } = parameters;
  const leave =
    text === undefined ||
    /^(false|0|-)$/i.test(useMissing ?? '') ||
    /^(true|1|\+)$/i.test(zeroAsMissing ?? '');
  return new Set(leave ? [] : text.split(',').map(Number));
}

/**
 * @param value of a categorical column
 * @returns whether LightGBM takes it for a negative category: what it cuts to a whole number below 0
 */
export const isNegativeCategory = (value: number): boolean => value <= -1;

/**
 * @param matrix of features
 * @param columns whose negative categories are missing
 * @returns the matrix, copied only where there are some
 */
export function cleanCategories(matrix: Matrix, columns: ReadonlySet<number>): Matrix {
  const { rows, layout } = matrix;
  let { values } = matrix;
  for (const column of columns) {
    const offset = layout === 'row' ? column : column * rows;
    const stride = layout === 'row' ? matrix.columns : 1;
    for (let row = 0, at = offset; row < rows; row++, at += stride) {
      if (!isNegativeCategory(values[at]!)) continue;
      if (values === matrix.values) values = matrix.values.slice();
      values[at] = NaN;
    }
  }
  return { ...matrix, values };
}
