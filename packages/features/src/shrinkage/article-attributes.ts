import {
  type Batch,
  collect,
  isValid,
  KeyIndex,
  type Column,
  type DateColumn,
  type StringColumn,
  type Table,
} from '@hemline/core';

/** Attributes of articles that are strings. */
const STRINGS: readonly string[] = ['group', 'brand', 'season'];

/**
 * Attributes of articles, kept in memory to be joined to the rows of tables that stream by. What the table (or a column
 * of it) does not know is missing in the result. Memory: four bytes per article and attribute, and the article's name.
 */
export class ArticleAttributes {
  readonly #names: readonly string[];
  readonly #index = new KeyIndex(['article']);
  readonly #attributes: Batch | null;

  private constructor(names: readonly string[], attributes: Batch | null) {
    this.#names = names;
    this.#attributes = attributes;
    if (attributes !== null) this.#index.add(attributes);
  }

  /**
   * Reads the attributes once.
   * @param articles the table, undefined when the dataset has none
   * @param names roles of the articles table to join: `group`, `season`, `launchWeek` …
   * @param signal stops the reading
   * @returns the attributes by article
   */
  static async read(
    articles: Table | undefined,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<ArticleAttributes> {
    if (articles === undefined) return new ArticleAttributes(names, null);
    const there = names.filter((name) => articles.schema.fields.some((field) => field.name === name));
    return new ArticleAttributes(names, await collect(articles, { columns: ['article', ...there], signal }));
  }

  /**
   * Adds the attributes as columns. O(rows); dictionaries are shared.
   * @param batch with `article`
   * @returns the wider batch
   */
  join(batch: Batch): Batch {
    const rows = this.#index.find(batch);
    const columns = this.#names.map((name): [string, Column] => {
      const source = this.#attributes?.has(name) === true ? this.#attributes.column(name) : null;
      return [name, gather(source, name, rows)];
    });
    return batch.with(Object.fromEntries(columns));
  }
}

function gather(source: Column | null, name: string, rows: Int32Array): StringColumn | DateColumn {
  const values = new Int32Array(rows.length);
  const validity = new Uint8Array((rows.length + 7) >> 3);
  if (source !== null) {
    for (let row = 0; row < rows.length; row++) {
      const from = rows[row]!;
      if (from === -1 || !isValid(source, from)) continue;
      values[row] = source.values[from] as number;
      validity[row >> 3]! |= 1 << (row & 7);
    }
  }
  if (!STRINGS.includes(name)) return { type: 'date', length: rows.length, values, validity };
  const dictionary = source?.type === 'string' ? source.dictionary : [];
  return { type: 'string', length: rows.length, values, dictionary, validity };
}
