import {
  isValid,
  weeksBetween,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type Week,
} from '@hemline/core';
import { OrdinalEncoder, OrdinalEncoding, UNSEEN } from '@hemline/features';

/** Which attributes of items are read. */
export interface AttributeColumns {
  readonly categories: readonly string[];
  readonly numbers: readonly string[];
}

const NUMBERS = ['float64', 'float32', 'int32', 'bool'];

/** Attributes of articles and markets, as numbers that trees can read. */
export class Attributes {
  readonly #columns: AttributeColumns;
  readonly #encoder: OrdinalEncoder;

  constructor(columns: AttributeColumns, encoder: OrdinalEncoder) {
    this.#columns = columns;
    this.#encoder = encoder;
  }

  /**
   * @param items to learn the categories from
   * @param minimumCount rarer values count as unseen
   * @param maximumCategories columns with more distinct values are left out
   * @returns the attributes
   */
  static fit(items: Batch, minimumCount: number, maximumCategories: number): Attributes {
    const fields = items.schema.fields.filter(({ name }) => name !== 'article');
    const strings = fields.filter(({ type }) => type === 'string').map(({ name }) => name);
    const encoding = new OrdinalEncoding(strings);
    encoding.add(items);
    const encoder = encoding.fit(minimumCount);
    const isRead = (name: string): boolean => {
      const values = encoder.cardinality(name) - 1;
      return values > 0 && values <= maximumCategories;
    };
    const categories = strings.filter(isRead);
    const numbers = fields.filter(({ type }) => NUMBERS.includes(type)).map(({ name }) => name);
    return new Attributes({ categories, numbers }, encoder.select(categories));
  }

  get names(): AttributeColumns {
    return this.#columns;
  }

  /**
   * @param items any
   * @returns for each attribute (categories, then numbers) a value an item, NaN where it is unseen, missing, or no column
   */
  read(items: Batch): Float32Array[] {
    const none = (): Float32Array => new Float32Array(items.length).fill(NaN);
    return [
      ...this.#columns.categories.map((name) =>
        items.has(name)
          ? Float32Array.from(this.#encoder.transform(items, name), (code) => (code === UNSEEN ? NaN : code))
          : none(),
      ),
      ...this.#columns.numbers.map((name) =>
        items.has(name) ? Float32Array.from(items.floats(name)) : none(),
      ),
    ];
  }

  /**
   * @param category name
   * @param code as `read` gives it
   * @returns the value, for people
   */
  label(category: string, code: number): string {
    return this.#encoder.inverse(Int32Array.of(code), category).dictionary[code - 1] ?? '(unseen)';
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('attributes', this.#columns);
    await this.#encoder.save(artifact, 'categories');
  }

  /**
   * @param artifact where from
   * @returns the attributes
   */
  static async load(artifact: ArtifactReader): Promise<Attributes> {
    const columns = (await artifact.readJson('attributes')) as AttributeColumns;
    return new Attributes(columns, await OrdinalEncoder.load(artifact, 'categories'));
  }
}

/**
 * Weeks of an attribute such as `launchWeek`, relative to another week; NaN where unknown.
 * @param items with the attribute
 * @param name of it
 * @param origin the other week
 * @returns weeks since `origin`, one an item
 */
export function weeksOf(items: Batch, name: string, origin: Week): Float64Array {
  if (!items.has(name)) return new Float64Array(items.length).fill(NaN);
  const column = items.column(name);
  const weeks = items.weeks(name);
  return Float64Array.from(weeks, (week, row) => (isValid(column, row) ? weeksBetween(origin, week) : NaN));
}
