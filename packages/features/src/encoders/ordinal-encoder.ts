import {
  ArtifactError,
  ConfigurationError,
  isValid,
  stringColumn,
  validityWithout,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type StringColumn,
} from '@hemline/core';

/** Code of values that were not seen, are missing, or were too rare. */
export const UNSEEN = 0;

/** Counts the values of string columns, batch by batch, to number them. Memory grows with distinct values alone. */
export class OrdinalEncoding {
  readonly #counts: ReadonlyMap<string, Map<string, number>>;

  /** @param columns to encode */
  constructor(columns: readonly string[]) {
    this.#counts = new Map(columns.map((column) => [column, new Map()]));
  }

  /** @param batch with the columns; rows up to the cutoff only */
  add(batch: Batch): void {
    for (const [name, counts] of this.#counts) {
      const column = batch.strings(name);
      const seen = new Float64Array(column.dictionary.length);
      for (let row = 0; row < column.length; row++) if (isValid(column, row)) seen[column.values[row]!]!++;
      column.dictionary.forEach((text, code) => {
        if (seen[code]! > 0) counts.set(text, (counts.get(text) ?? 0) + seen[code]!);
      });
    }
  }

  /**
   * Numbers the values from 1 on, the most frequent first, equally frequent ones in the order of their code points: the same
   * in whatever order batches came.
   * @param minimumCount rarer values count as unseen; 1 by default
   * @returns the encoder
   */
  fit(minimumCount = 1): OrdinalEncoder {
    const values = [...this.#counts].map(([column, counts]): [string, string[]] => [
      column,
      [...counts]
        .filter(([, count]) => count >= minimumCount)
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .map(([text]) => text),
    ]);
    return new OrdinalEncoder(new Map(values));
  }
}

/** Numbers for the values of string columns: 1, 2, …, and 0 for what was not seen. */
export class OrdinalEncoder {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #codes: ReadonlyMap<string, ReadonlyMap<string, number>>;

  /** @param values of each column, in the order of their codes from 1 on */
  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
    this.#codes = new Map(
      [...values].map(([column, texts]) => [column, new Map(texts.map((text, i) => [text, i + 1]))]),
    );
  }

  get columns(): readonly string[] {
    return [...this.#values.keys()];
  }

  /**
   * @param columns some of those that are encoded
   * @returns an encoder of these alone
   */
  select(columns: readonly string[]): OrdinalEncoder {
    return new OrdinalEncoder(new Map(columns.map((column) => [column, this.#valuesOf(column)])));
  }

  /**
   * How many codes a column has: the rows of its embedding.
   * @param column that is encoded
   * @returns values seen, and one for the unseen
   */
  cardinality(column: string): number {
    return this.#valuesOf(column).length + 1;
  }

  /**
   * Looks up dictionary entries, not rows. O(rows + dictionary entries).
   * @param batch with the column
   * @param column that is encoded
   * @returns a code a row
   */
  transform(batch: Batch, column: string): Int32Array {
    const known = this.#codes.get(column) ?? this.#refuse(column);
    const { values, validity, dictionary, length } = batch.strings(column);
    const recode = Int32Array.from(dictionary, (text) => known.get(text) ?? UNSEEN);
    const codes = new Int32Array(length);
    for (let row = 0; row < length; row++) if (isValid({ validity }, row)) codes[row] = recode[values[row]!]!;
    return codes;
  }

  /**
   * @param codes as `transform` gives them
   * @param column that is encoded
   * @returns the values, missing where the code is 0
   */
  inverse(codes: Int32Array, column: string): StringColumn {
    const dictionary = this.#valuesOf(column);
    const missing: number[] = [];
    const values = codes.map((code, row) => {
      if (code === UNSEEN) missing.push(row);
      return Math.max(0, code - 1);
    });
    return stringColumn(
      values,
      dictionary,
      missing.length === 0 ? null : validityWithout(codes.length, missing),
    );
  }

  /**
   * @param artifact where to
   * @param name of the entry
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await artifact.writeJson(name, [...this.#values]);
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @returns the encoder
   * @throws ArtifactError when the entry is missing or none of an encoder
   */
  static async load(artifact: ArtifactReader, name: string): Promise<OrdinalEncoder> {
    const saved = await artifact.readJson(name);
    const isOne = (entry: unknown): boolean =>
      Array.isArray(entry) && typeof entry[0] === 'string' && Array.isArray(entry[1]);
    if (Array.isArray(saved) && saved.every(isOne))
      return new OrdinalEncoder(new Map(saved as [string, string[]][]));
    throw new ArtifactError('a saved encoder is not what it should be', {
      expected: 'a list of columns with their values',
      where: { file: name },
      remedy: 'Train the model again with this version.',
    });
  }

  #valuesOf(column: string): readonly string[] {
    return this.#values.get(column) ?? this.#refuse(column);
  }

  #refuse(column: string): never {
    throw new ConfigurationError('a column is not encoded', {
      expected: `one of ${this.columns.join(', ')}`,
      found: column,
    });
  }
}
