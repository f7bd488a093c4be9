import { isValid, type StringColumn } from '../columns/column.ts';
import type { Batch } from '../batch/batch.ts';
import { UnsupportedError } from '../errors/causes.ts';

/** Codes of one column are below this; a pair of codes must stay a safe integer: 2^31 × 2^21. */
const PAIR_FACTOR = 2 ** 21;

/**
 * Gives every distinct combination of string columns (article × market, say) a dense number, over any number of batches
 * with dictionaries of their own. No string is joined or compared per row: dictionary entries are looked up once a
 * batch, rows by their codes. Missing values make a combination of their own.
 */
export class KeyIndex {
  readonly columns: readonly string[];
  readonly #dictionaries: string[][];
  readonly #codes: Map<string, number>[];
  /** Level k maps (number at level k − 1, code of column k + 1) to a number at level k. */
  readonly #pairs: Map<number, number>[];
  /** The same pairs by number. */
  readonly #pairList: number[][];

  /** @param columns names of the string columns that make the key */
  constructor(columns: readonly string[]) {
    this.columns = columns;
    this.#dictionaries = columns.map(() => []);
    this.#codes = columns.map(() => new Map());
    this.#pairs = columns.map(() => new Map());
    this.#pairList = columns.map(() => []);
  }

  /** Distinct combinations seen. */
  get size(): number {
    return this.#pairList.at(-1)!.length;
  }

  /**
   * Numbers the rows of a batch, adding combinations not seen before. O(rows + dictionary entries).
   * @param batch with the key's columns
   * @returns the number of each row
   */
  add(batch: Batch): Int32Array {
    return this.#number(batch, true);
  }

  /**
   * Numbers the rows of a batch without adding anything.
   * @param batch with the key's columns
   * @returns the number of each row, −1 for a combination not seen
   */
  find(batch: Batch): Int32Array {
    return this.#number(batch, false);
  }

  /**
   * @param key a number given by {@link add}
   * @param column position among the key's columns
   * @returns the string, null where it was missing
   */
  text(key: number, column: number): string | null {
    const code = this.#codeOf(key, column);
    return code === 0 ? null : this.#dictionaries[column]![code - 1]!;
  }

  /**
   * All combinations as columns, in the order of their numbers.
   * @returns one string column per key column, `size` rows each
   */
  toColumns(): StringColumn[] {
    return this.columns.map((_, position) => {
      const values = new Int32Array(this.size);
      let validity: Uint8Array | null = null;
      for (let key = 0; key < values.length; key++) {
        const code = this.#codeOf(key, position);
        if (code === 0) {
          validity ??= new Uint8Array((values.length + 7) >> 3).fill(0xff);
          validity[key >> 3]! &= ~(1 << (key & 7));
        }
        values[key] = Math.max(0, code - 1);
      }
      return {
        type: 'string',
        length: values.length,
        values,
        dictionary: [...this.#dictionaries[position]!],
        validity,
      };
    });
  }

  /** Walks from the last column back to the one asked for. */
  #codeOf(key: number, column: number): number {
    let number = key;
    for (let level = this.columns.length - 1; level > column; level--)
      number = Math.floor(this.#pairList[level]![number]! / PAIR_FACTOR);
    return this.#pairList[column]![number]! % PAIR_FACTOR;
  }

  #number(batch: Batch, grow: boolean): Int32Array {
    const columns = this.columns.map((name) => batch.strings(name));
    // Entries are looked up when a row first uses them: an unused entry must not become a key.
    const recodes = columns.map(({ dictionary }) => new Int32Array(dictionary.length));
    const numbers = new Int32Array(batch.length);
    for (let row = 0; row < numbers.length;) {
      const number = this.#numberOf(columns, recodes, row, grow);
      // Rows of one key mostly stand together: then nothing more is looked up.
      const end = endOfRun(columns, row);
      while (row < end) numbers[row++] = number;
    }
    return numbers;
  }

  #numberOf(
    columns: readonly StringColumn[],
    recodes: readonly Int32Array[],
    row: number,
    grow: boolean,
  ): number {
    let number = 0;
    for (let position = 0; position < columns.length; position++) {
      const code = this.#codeIn(columns[position]!, recodes[position]!, row, position, grow);
      if (code === -1) return -1;
      const pairs = this.#pairs[position]!;
      const pair = number * PAIR_FACTOR + code;
      number = pairs.get(pair) ?? -1;
      if (number !== -1) continue;
      if (!grow) return -1;
      number = this.#pairList[position]!.push(pair) - 1;
      pairs.set(pair, number);
    }
    return number;
  }

  /** Code of this index: 0 for missing, dictionary position + 1 otherwise, −1 for unseen. */
  #codeIn(column: StringColumn, recode: Int32Array, row: number, position: number, grow: boolean): number {
    if (!isValid(column, row)) return 0;
    const value = column.values[row]!;
    if (recode[value] !== 0) return recode[value]!;
    const text = column.dictionary[value]!;
    const codes = this.#codes[position]!;
    let code = codes.get(text) ?? -1;
    if (code === -1 && grow) {
      code = this.#dictionaries[position]!.push(text);
      if (position > 0 && code >= PAIR_FACTOR) throw tooMany(this.columns[position]!);
      codes.set(text, code);
    }
    return (recode[value] = code);
  }
}

/** The first row after `row` that differs from it in any column. */
function endOfRun(columns: readonly StringColumn[], row: number): number {
  let end = Infinity;
  for (const column of columns) {
    const { values, length } = column;
    const value = values[row]!;
    const last = Math.min(end, length);
    let next = row + 1;
    if (column.validity === null) while (next < last && values[next] === value) next++;
    else {
      const valid = isValid(column, row);
      while (next < last && values[next] === value && isValid(column, next) === valid) next++;
    }
    end = next;
  }
  return end;
}

function tooMany(column: string): UnsupportedError {
  return new UnsupportedError('a key column has too many distinct values', {
    expected: `fewer than ${PAIR_FACTOR} in every column but the first`,
    where: { column },
    remedy: 'Put the column with the most distinct values first, or split the data into more partitions.',
  });
}
