import {
  ArtifactError,
  float64Column,
  stringColumn,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type Column,
  type StringColumn,
} from '@hemline/core';
import { Hierarchy, type HierarchyLevel } from '../shrinkage/hierarchy.ts';
import { cumulativeIncidence, returnTimeShares } from './hazards.ts';

/** What was found for the rows of a batch: `width` lags for each, row by row. */
export interface FoundReturnTimes {
  /** Of the units that come back, the share that does at each lag; sums to 1 over a row's lags. */
  readonly share: Float64Array;
  /** Units of the row's own finest node that came back. */
  readonly support: Float64Array;
  /** Name of the level that the hazards come from: the finest where units came back. */
  readonly supportLevel: StringColumn;
}

/** When sold units come back, by node of a hierarchy: what `returnTimeHazard` gives. */
export class ReturnTimes {
  readonly #hierarchy: Hierarchy;
  readonly #hazards: readonly Float64Array[];
  readonly #returned: readonly Float64Array[];
  /** κ by level (position 0 is the root): so many units at risk count as much as the level above. */
  readonly strengths: readonly number[];
  /** Lags 0 … K. */
  readonly width: number;

  /**
   * @param hierarchy complete
   * @param hazards by level, node and lag
   * @param returned units by level and node
   * @param strengths by level
   */
  constructor(
    hierarchy: Hierarchy,
    hazards: readonly Float64Array[],
    returned: readonly Float64Array[],
    strengths: readonly number[],
  ) {
    this.#hierarchy = hierarchy;
    this.#hazards = hazards;
    this.#returned = returned;
    this.strengths = strengths;
    this.width = hazards[0]!.length;
  }

  /** Hazards of everything together, by lag. */
  get overall(): Float64Array {
    return this.#hazards[0]!;
  }

  /**
   * @param batch with the key columns of the finest level; unknown keys fall back up the hierarchy
   * @returns hazards h_0 … h_K of each row, row by row
   */
  hazards(batch: Batch): Float64Array {
    return this.#eachRow(batch, (hazards) => hazards).values;
  }

  /**
   * How much of what will ever come back is back after k weeks: F(k) / F(K).
   * @param batch as above
   * @returns the curve of each row over lags 0 … K, row by row; its last value is 1
   */
  maturity(batch: Batch): Float64Array {
    return this.#eachRow(batch, (hazards) => {
      const back = cumulativeIncidence(hazards);
      return back.map((share) => share / back[back.length - 1]!);
    }).values;
  }

  /**
   * @param batch as above
   * @returns shares and support of each row
   */
  lookup(batch: Batch): FoundReturnTimes {
    const { values, level, node } = this.#eachRow(batch, returnTimeShares);
    const own = this.#returned[this.#hierarchy.finest]!;
    const support = Float64Array.from(level, (one, row) =>
      one === this.#hierarchy.finest ? own[node[row]!]! : 0,
    );
    return { share: values, support, supportLevel: stringColumn(level, this.#hierarchy.names) };
  }

  /**
   * Saves one table per level below the root (keys, `returned`, `hazard_0` …) and one JSON entry.
   * @param artifact where to
   * @param name of the entries: letters, digits and hyphens
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    const { levels } = this.#hierarchy;
    for (const [above, level] of levels.entries()) {
      const hazards = this.#hazards[above + 1]!;
      const columns: Record<string, Column> = { returned: float64Column(this.#returned[above + 1]!) };
      for (let lag = 0; lag < this.width; lag++) {
        const values = new Float64Array(hazards.length / this.width);
        for (let node = 0; node < values.length; node++) values[node] = hazards[node * this.width + lag]!;
        columns[`hazard_${lag}`] = float64Column(values);
      }
      await artifact.writeTable(`${name}-${level.name}`, this.#hierarchy.keys(above + 1).with(columns));
    }
    await artifact.writeJson(name, {
      levels,
      hazards: [...this.overall],
      returned: this.#returned[0]![0]!,
      // JSON knows no infinity: null stands for it.
      strengths: this.strengths.map((strength) => (strength === Infinity ? null : strength)),
    });
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @param levels the hierarchy that the caller works with
   * @returns the hazards
   * @throws ArtifactError when an entry is missing, damaged or of another hierarchy
   */
  static async load(
    artifact: ArtifactReader,
    name: string,
    levels: readonly HierarchyLevel[],
  ): Promise<ReturnTimes> {
    const saved = savedTimes(await artifact.readJson(name), name, levels);
    const hierarchy = new Hierarchy(levels);
    const hazards: Float64Array[] = [Float64Array.from(saved.hazards)];
    const returned: Float64Array[] = [Float64Array.of(saved.returned)];
    const width = saved.hazards.length;
    for (const [above, level] of levels.entries()) {
      const table = await artifact.readTable(`${name}-${level.name}`);
      hierarchy.restore(above + 1, table.select(level.columns));
      returned.push(table.floats('returned'));
      const values = new Float64Array(table.length * width);
      for (let lag = 0; lag < width; lag++) {
        const column = table.floats(`hazard_${lag}`);
        for (let node = 0; node < column.length; node++) values[node * width + lag] = column[node]!;
      }
      hazards.push(values);
    }
    const strengths = saved.strengths.map((strength) => strength ?? Infinity);
    return new ReturnTimes(hierarchy, hazards, returned, strengths);
  }

  #eachRow(
    batch: Batch,
    compute: (hazards: Float64Array) => Float64Array,
  ): { values: Float64Array; level: Int32Array; node: Int32Array } {
    const { level, node } = this.#hierarchy.locate(batch, this.#returned);
    const values = new Float64Array(batch.length * this.width);
    for (let row = 0; row < batch.length; row++) {
      const start = node[row]! * this.width;
      const hazards = this.#hazards[level[row]!]!.subarray(start, start + this.width);
      values.set(compute(hazards), row * this.width);
    }
    return { values, level, node };
  }
}

interface SavedTimes {
  readonly levels: readonly HierarchyLevel[];
  readonly hazards: readonly number[];
  readonly returned: number;
  readonly strengths: readonly (number | null)[];
}

function savedTimes(json: unknown, name: string, levels: readonly HierarchyLevel[]): SavedTimes {
  const saved = json as Partial<SavedTimes> | null;
  const expected = JSON.stringify(levels);
  if (
    Array.isArray(saved?.hazards) &&
    Array.isArray(saved.strengths) &&
    typeof saved.returned === 'number' &&
    JSON.stringify(saved.levels) === expected
  )
    return saved as SavedTimes;
  throw new ArtifactError('saved return times do not fit this model', {
    expected: `levels ${expected}`,
    found: JSON.stringify(saved?.levels ?? null),
    where: { file: name },
    remedy: 'Train the model again with this version.',
  });
}
