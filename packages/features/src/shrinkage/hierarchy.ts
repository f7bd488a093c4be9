import { Batch, KeyIndex } from '@hemline/core';

/** One level of a nested hierarchy. */
export interface HierarchyLevel {
  /** What a node of it is called: `group`. */
  readonly name: string;
  /** The string columns that identify a node, those of the level above among them; the one with most values first. */
  readonly columns: readonly string[];
}

/** The level above all others: everything together. */
export const ROOT_LEVEL = 'all';

/** Article in its market → group in its market → market → all. */
export const ARTICLE_HIERARCHY: readonly HierarchyLevel[] = [
  { name: 'market', columns: ['market'] },
  { name: 'group', columns: ['group', 'market'] },
  { name: 'article', columns: ['article', 'group', 'market'] },
];

/** Where rows belong in a hierarchy. Level 0 is the root, level i is `levels[i - 1]`. */
export interface Location {
  readonly level: Int32Array;
  readonly node: Int32Array;
}

/**
 * Numbers the nodes of a nested hierarchy at all levels. Missing values are a category of their own. The finest level
 * grows while data streams in; the levels above follow from it once it is complete.
 */
export class Hierarchy {
  readonly levels: readonly HierarchyLevel[];
  readonly #indexes: readonly KeyIndex[];

  /**
   * @param levels below the root, coarsest first
   * @throws TypeError when there is none, or a level lacks a column of the level above
   */
  constructor(levels: readonly HierarchyLevel[]) {
    if (levels.length === 0) throw new TypeError('a hierarchy needs a level below its root');
    levels.slice(1).forEach(({ name, columns }, above) => {
      const lost = levels[above]!.columns.find((column) => !columns.includes(column));
      if (lost !== undefined)
        throw new TypeError(
          `level ${name} is not nested in ${levels[above]!.name}: it lacks the column ${lost}`,
        );
    });
    this.levels = levels;
    this.#indexes = levels.map(({ columns }) => new KeyIndex(columns));
  }

  /** Names of all levels, the root's first. */
  get names(): readonly string[] {
    return [ROOT_LEVEL, ...this.levels.map(({ name }) => name)];
  }

  /** The number of the finest level. */
  get finest(): number {
    return this.levels.length;
  }

  /**
   * @param level 0 is the root
   * @returns how many nodes it has
   */
  size(level: number): number {
    return level === 0 ? 1 : this.#indexes[level - 1]!.size;
  }

  /**
   * Numbers rows at the finest level, adding nodes not seen before.
   * @param batch with the columns of the finest level
   * @returns the node of each row
   */
  add(batch: Batch): Int32Array {
    return this.#indexes.at(-1)!.add(batch);
  }

  /**
   * Fills one level from its saved keys.
   * @param level at least 1
   * @param keys distinct, in the order of their numbers
   */
  restore(level: number, keys: Batch): void {
    this.#indexes[level - 1]!.add(keys);
  }

  /**
   * Numbers the levels above the finest; call once all data is in.
   * @returns for each level but the root's (position 0 is empty) the node above each of its nodes
   */
  complete(): readonly Int32Array[] {
    const leaves = this.keys(this.finest);
    const parents: Int32Array[] = [new Int32Array(0)];
    let above = new Int32Array(leaves.length);
    for (const index of this.#indexes) {
      const numbers = index.add(leaves);
      const parent = new Int32Array(index.size);
      for (let leaf = 0; leaf < numbers.length; leaf++) parent[numbers[leaf]!] = above[leaf]!;
      parents.push(parent);
      above = numbers as Int32Array<ArrayBuffer>;
    }
    return parents;
  }

  /**
   * @param level at least 1
   * @returns the key columns of its nodes, in the order of their numbers
   */
  keys(level: number): Batch {
    const index = this.#indexes[level - 1]!;
    return new Batch(
      new Map(index.toColumns().map((column, position) => [index.columns[position]!, column])),
      index.size,
    );
  }

  /**
   * @param level 0 is the root
   * @param node its number
   * @returns for example `group shirt, market DE`
   */
  describe(level: number, node: number): string {
    if (level === 0) return ROOT_LEVEL;
    const index = this.#indexes[level - 1]!;
    return index.columns
      .map((column, position) => `${column} ${index.text(node, position) ?? 'null'}`)
      .join(', ');
  }

  /**
   * The finest node of each row that has data; unknown keys fall back level by level, at last to the root.
   * @param batch with the columns of the finest level
   * @param support by level and node; positive where there is data
   * @returns level and node of each row
   */
  locate(batch: Batch, support: readonly Float64Array[]): Location {
    const level = new Int32Array(batch.length);
    const node = new Int32Array(batch.length);
    this.#indexes.forEach((index, above) => {
      const found = index.find(batch);
      const supports = support[above + 1]!;
      for (let row = 0; row < found.length; row++) {
        if (found[row]! === -1 || !(supports[found[row]!]! > 0)) continue;
        level[row] = above + 1;
        node[row] = found[row]!;
      }
    });
    return { level, node };
  }
}
