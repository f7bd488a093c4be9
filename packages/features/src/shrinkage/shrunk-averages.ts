import {
  ArtifactError,
  float64Column,
  stringColumn,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type StringColumn,
} from '@hemline/core';
import { Hierarchy, type HierarchyLevel } from './hierarchy.ts';

/** The estimated variances. */
export interface VarianceComponents {
  /** σ²: of a row of weight 1 around the true mean of its finest node. */
  readonly within: number;
  /** τ² by level (position 0, the root's, is 0): of true means around the true mean above. */
  readonly between: readonly number[];
}

/** What was found for the rows of a batch. */
export interface FoundAverages {
  /** The shrunk average of the finest node with data. */
  readonly value: Float64Array;
  /** Sum of weights of the row's own finest node: 0 where it has no observations of its own. */
  readonly support: Float64Array;
  /** Name of the level that the value comes from: the finest with data. */
  readonly supportLevel: StringColumn;
}

/** Averages shrunk through a hierarchy: what {@link HierarchicalAverages} gives. */
export class ShrunkAverages {
  readonly #hierarchy: Hierarchy;
  readonly #values: readonly Float64Array[];
  readonly #support: readonly Float64Array[];
  readonly variances: VarianceComponents;

  /**
   * @param hierarchy complete
   * @param values by level (the root's first) and node
   * @param support sum of weights by level and node
   * @param variances the estimates that shrinking used
   */
  constructor(
    hierarchy: Hierarchy,
    values: readonly Float64Array[],
    support: readonly Float64Array[],
    variances: VarianceComponents,
  ) {
    this.#hierarchy = hierarchy;
    this.#values = values;
    this.#support = support;
    this.variances = variances;
  }

  /** Average of everything. */
  get overall(): number {
    return this.#values[0]![0]!;
  }

  /**
   * κ = σ² / τ² of a level: so much weight of own observations counts as much as the value above.
   * @param level name of a level below the root
   * @returns κ; infinite where nodes do not differ
   */
  strength(level: string): number {
    const { within, between } = this.variances;
    const tau = between[this.#hierarchy.names.indexOf(level)] ?? NaN;
    return tau === 0 ? Infinity : within / tau;
  }

  /**
   * @param batch with the key columns of the finest level; unknown keys fall back up the hierarchy
   * @returns value and support of each row
   */
  lookup(batch: Batch): FoundAverages {
    const { level, node } = this.#hierarchy.locate(batch, this.#support);
    const value = new Float64Array(batch.length);
    const support = new Float64Array(batch.length);
    for (let row = 0; row < batch.length; row++) {
      value[row] = this.#values[level[row]!]![node[row]!]!;
      if (level[row] === this.#hierarchy.finest) support[row] = this.#support[level[row]!]![node[row]!]!;
    }
    return { value, support, supportLevel: stringColumn(level, this.#hierarchy.names) };
  }

  /**
   * Saves one table per level below the root (keys, `value`, `support`) and one JSON entry.
   * @param artifact where to
   * @param name of the entries: letters, digits and hyphens
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    const { levels } = this.#hierarchy;
    for (const [above, level] of levels.entries()) {
      const keys = this.#hierarchy.keys(above + 1);
      const columns = {
        value: float64Column(this.#values[above + 1]!),
        support: float64Column(this.#support[above + 1]!),
      };
      await artifact.writeTable(`${name}-${level.name}`, keys.with(columns));
    }
    await artifact.writeJson(name, {
      levels,
      overall: this.overall,
      support: this.#support[0]![0]!,
      variances: this.variances,
    });
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @param levels the hierarchy that the caller works with
   * @returns the averages
   * @throws ArtifactError when an entry is missing, damaged or of another hierarchy
   */
  static async load(
    artifact: ArtifactReader,
    name: string,
    levels: readonly HierarchyLevel[],
  ): Promise<ShrunkAverages> {
    const saved = savedAverages(await artifact.readJson(name), name, levels);
    const hierarchy = new Hierarchy(levels);
    const values: Float64Array[] = [Float64Array.of(saved.overall)];
    const support: Float64Array[] = [Float64Array.of(saved.support)];
    for (const [above, level] of levels.entries()) {
      const table = await artifact.readTable(`${name}-${level.name}`);
      hierarchy.restore(above + 1, table.select(level.columns));
      values.push(table.floats('value'));
      support.push(table.floats('support'));
    }
    return new ShrunkAverages(hierarchy, values, support, saved.variances);
  }
}

interface SavedAverages {
  readonly levels: readonly HierarchyLevel[];
  readonly overall: number;
  readonly support: number;
  readonly variances: VarianceComponents;
}

function savedAverages(json: unknown, name: string, levels: readonly HierarchyLevel[]): SavedAverages {
  const saved = json as Partial<SavedAverages> | null;
  const expected = JSON.stringify(levels);
  if (
    typeof saved?.overall === 'number' &&
    typeof saved.support === 'number' &&
    Array.isArray(saved.variances?.between) &&
    JSON.stringify(saved.levels) === expected
  )
    return saved as SavedAverages;
  throw new ArtifactError('saved averages do not fit this model', {
    expected: `levels ${expected}`,
    found: JSON.stringify(saved?.levels ?? null),
    where: { file: name },
    remedy: 'Train the model again with this version.',
  });
}
