import type { StringColumn } from '../columns/index.ts';
import type { Batch } from '../batch/index.ts';
import { UnsupportedError } from '../errors/index.ts';

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
    let numbers: Int32Array | null = null;
    for (let position = 0; position < this.columns.length; position++) {
      const column = batch.strings(this.columns[position]!);
      numbers = this.#combine(numbers, this.#recode(column, position, grow), position, grow);
    }
    return numbers ?? new Int32Array(batch.length);
  }

  /** Codes of this index for each row: 0 for missing, dictionary position + 1 otherwise, −1 for unseen. */
  #recode(column: StringColumn, position: number, grow: boolean): Int32Array {
    const codes = this.#codes[position]!;
    const dictionary = this.#dictionaries[position]!;
    // Entries are looked up when a row first uses them: an unused entry must not become a key.
    const recode = new Int32Array(column.dictionary.length);
    const rows = new Int32Array(column.length);
    const { validity, values } = column;
    for (let row = 0; row < rows.length; row++) {
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
      let code = recode[values[row]!]!;
      if (code === 0) {
        const text = column.dictionary[values[row]!]!;
        code = codes.get(text) ?? -1;
        if (code === -1 && grow) {
          dictionary.push(text);
          code = dictionary.length;
          if (position > 0 && code >= PAIR_FACTOR) throw tooMany(this.columns[position]!);
          codes.set(text, code);
        }
        recode[values[row]!] = code;
      }
      rows[row] = code;
    }
    return rows;
  }

  #combine(numbers: Int32Array | null, codes: Int32Array, position: number, grow: boolean): Int32Array {
    const pairs = this.#pairs[position]!;
    const list = this.#pairList[position]!;
    const combined = new Int32Array(codes.length);
    for (let row = 0; row < codes.length; row++) {
      const left = numbers === null ? 0 : numbers[row]!;
      const code = codes[row]!;
      if (left === -1 || code === -1) {
        combined[row] = -1;
        continue;
      }
      const pair = left * PAIR_FACTOR + code;
      let number = pairs.get(pair) ?? -1;
      if (number === -1 && grow) {
        number = list.length;
        pairs.set(pair, number);
        list.push(pair);
      }
      combined[row] = number;
    }
    return combined;
  }
}

function tooMany(column: string): UnsupportedError {
  return new UnsupportedError('a key column has too many distinct values', {
    expected: `fewer than ${PAIR_FACTOR} in every column but the first`,
    where: { column },
    remedy: 'Put the column with the most distinct values first, or split the data into more partitions.',
  });
}
