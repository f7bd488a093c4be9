import { checkValues, readField, type Field, type FieldValues } from './fields.ts';

/** Fields by the names that they are given by. */
interface Given {
  readonly label?: FieldValues;
  readonly weight?: FieldValues;
  readonly group?: FieldValues;
  readonly initScore?: FieldValues;
}

/** Fields that were read and not yet set. */
export type ReadFields = ReadonlyMap<Field, FieldValues | null>;

/**
 * @param given label, weights and so on
 * @param rows of the dataset
 * @returns its fields, in LightGBM's types
 * @throws LightgbmError when one of them is wrong
 */
export function readFields(given: Given, rows: number): ReadFields {
  return new Map(fieldsOf(given).map(([field, values]) => [field, readField(field, values, rows)]));
}

/**
 * Checks the fields of some rows, those that are read as a whole aside.
 * @param given label, weights and so on
 * @param rows of the dataset
 * @param from first row
 * @param to one past the last
 * @throws LightgbmError when one of them is wrong there
 */
export function checkFields(given: Given, rows: number, from: number, to: number): void {
  for (const [field, values] of fieldsOf(given)) {
    if (field === 'group') continue;
    for (let start = from; start + (to - from) <= values.length; start += rows)
      checkValues(field, values, rows, start, start + to - from);
  }
}

function fieldsOf({ label, weight, group, initScore }: Given): (readonly [Field, FieldValues])[] {
  const all: readonly (readonly [Field, FieldValues | undefined])[] = [
    ['label', label],
    ['weight', weight],
    ['group', group],
    ['init_score', initScore],
  ];
  return all.filter((pair): pair is readonly [Field, FieldValues] => pair[1] !== undefined);
}
