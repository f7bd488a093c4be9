import {
  constantStringColumn,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type StringColumn,
} from '@hemline/core';
import { ARTICLE_HIERARCHY, HierarchicalAverages, ShrunkAverages } from '@hemline/features';
import type { ItemBlocks } from './item-blocks.ts';

/** Attributes of items whose averages are features. */
export const ATTRIBUTES = ['group', 'brand', 'season', 'market'] as const;

/** A name that no article has: looking it up gives what is expected of its group. */
const NOBODY = '\u0000nobody';

/** Averages that stand behind items, one a row. */
export interface FoundItems {
  /** Of the item, shrunk toward its group, its market, everything. */
  readonly own: Float64Array;
  /** Of its group in its market, as if nothing were known of the item itself. */
  readonly group: Float64Array;
  /** Units of the item itself. */
  readonly support: Float64Array;
  /** Where `own` comes from: article, group, market or all. */
  readonly supportLevel: StringColumn;
  /** By each of the attributes. */
  readonly byAttribute: Readonly<Record<string, Float64Array>>;
  readonly overall: number;
}

/** Averages of one value: by article, group and market, and by each attribute alone. */
export class ItemAverages {
  readonly #items: ShrunkAverages;
  readonly #attributes: ReadonlyMap<string, ShrunkAverages>;

  private constructor(items: ShrunkAverages, attributes: ReadonlyMap<string, ShrunkAverages>) {
    this.#items = items;
    this.#attributes = attributes;
  }

  /**
   * @param blocks what was observed
   * @param items with their attributes, in the order of the blocks
   * @param target number of the value
   * @param since the latest block that may be looked at: 0 for all, 1 to leave out the latest …
   * @param what is averaged, for messages
   * @returns the averages
   * @throws DataError when nothing was observed in these blocks
   */
  static fit(blocks: ItemBlocks, items: Batch, target: number, since: number, what: string): ItemAverages {
    const own = new HierarchicalAverages(ARTICLE_HIERARCHY, what);
    const others = ATTRIBUTES.map((name) => new HierarchicalAverages([{ name, columns: [name] }], what));
    for (let block = since; block < blocks.blocks; block++) {
      const { values, units } = blocks.observations(target, block);
      for (const averages of [own, ...others]) averages.add(items, values, units);
    }
    return new ItemAverages(own.fit(), new Map(ATTRIBUTES.map((name, at) => [name, others[at]!.fit()])));
  }

  /**
   * @param items with `article`, `market` and all attributes
   * @returns what stands behind each
   */
  lookup(items: Batch): FoundItems {
    const { value, support, supportLevel } = this.#items.lookup(items);
    const nobody = items.with({ article: constantStringColumn(NOBODY, items.length) });
    return {
      own: value,
      group: this.#items.lookup(nobody).value,
      support,
      supportLevel,
      byAttribute: Object.fromEntries(
        [...this.#attributes].map(([name, averages]) => [name, averages.lookup(items).value]),
      ),
      overall: this.#items.overall,
    };
  }

  /**
   * @param artifact where to
   * @param name of the entries
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await this.#items.save(artifact, name);
    for (const [attribute, averages] of this.#attributes)
      await averages.save(artifact, `${name}-by-${attribute}`);
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @returns the averages
   * @throws ArtifactError when an entry is missing, damaged, or of other attributes
   */
  static async load(artifact: ArtifactReader, name: string): Promise<ItemAverages> {
    const items = await ShrunkAverages.load(artifact, name, ARTICLE_HIERARCHY);
    const attributes = new Map<string, ShrunkAverages>();
    for (const attribute of ATTRIBUTES)
      attributes.set(
        attribute,
        await ShrunkAverages.load(artifact, `${name}-by-${attribute}`, [
          { name: attribute, columns: [attribute] },
        ]),
      );
    return new ItemAverages(items, attributes);
  }
}
