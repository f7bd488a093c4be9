import type { Data, DataType } from 'apache-arrow';
import { Vector } from 'apache-arrow';
import { stringColumn, validityWithout } from '../columns/build.ts';
import { isValid, type StringColumn } from '../columns/column.ts';
import { DataError } from '../errors/causes.ts';

/** The dictionary entry that is no string. */
const MISSING = -1;

/**
 * Wraps codes and the dictionary that they point into. Arrow's dictionaries may hold an entry twice, or one that is null: rows
 * with it are missing then, and codes are copied; else they are shared.
 * @param data a chunk with a dictionary of strings
 * @param codes of its rows, of any integer type
 * @param validity of its rows
 * @param name of the column, for messages
 * @returns the column; its entries are distinct
 * @throws DataError when a row's code lies outside of the dictionary
 */
export function dictionaryToColumn(
  data: Data,
  codes: ArrayLike<number | bigint>,
  validity: Uint8Array | null,
  name: string,
): StringColumn {
  const entries = textsOf(data.dictionary!);
  const { dictionary, codeOf } = distinct(entries);
  const isAsItIs = dictionary.length === entries.length;
  if (isAsItIs && codes instanceof Int32Array) return stringColumn(codes, dictionary, validity);
  const values = new Int32Array(data.length);
  const missing: number[] = [];
  for (let row = 0; row < data.length; row++) {
    const code = isValid({ validity }, row) ? codeOf[Number(codes[row])] : MISSING;
    if (code === undefined)
      throw new DataError('a code points outside of its dictionary', {
        expected: `0 to ${entries.length - 1}`,
        found: String(codes[row]),
        where: { column: name, row },
      });
    if (code === MISSING) missing.push(row);
    else values[row] = code;
  }
  return stringColumn(
    values,
    dictionary,
    missing.length === 0 ? null : validityWithout(data.length, missing),
  );
}

/**
 * The strings of a chunk, decoded.
 * @param data a chunk of strings, of any of Arrow's three layouts
 * @returns one a row, null where missing
 */
export function stringsOf(data: Data): (string | null)[] {
  return textsOf(new Vector([data]));
}

function textsOf(vector: Vector<DataType>): (string | null)[] {
  return Array.from(vector as Iterable<string | null>);
}

function distinct(entries: readonly (string | null)[]): { dictionary: string[]; codeOf: Int32Array } {
  const known = new Map<string, number>();
  const codeOf = Int32Array.from(entries, (entry) => {
    if (entry === null) return MISSING;
    const code = known.get(entry) ?? known.size;
    known.set(entry, code);
    return code;
  });
  return { dictionary: [...known.keys()], codeOf };
}
