import { ArtifactError, ConfigurationError, type PanelData } from '@hemline/core';
import { FeatureSet, type FeatureColumns } from '@hemline/features';
import { chooseFeatures, featureSet } from './features.ts';

/** Kinds of features that move with the discount of the week itself. */
const OWN_WEEK = ['current', 'change', 'lessGroup'];

/** Inputs of the learner besides the features: log of the level, weeks ahead, discount. */
const EXTRA = 3;

/** The inputs of the learner, made of features the same way in training and in forecasting. */
export class Inputs {
  readonly set: FeatureSet;
  readonly #levels: number;
  readonly #relative: number;

  /**
   * @param set levels first, then relative, then absolute features
   * @param levels how many
   * @param relative how many
   */
  constructor(set: FeatureSet, levels: number, relative: number) {
    this.set = set;
    this.#levels = levels;
    this.#relative = relative;
  }

  /**
   * @param data what the dataset has
   * @returns the inputs
   * @throws ConfigurationError when a feature moves with the discount of the week itself
   * @throws SchemaError when the dataset lacks what a feature reads
   */
  static of(data: PanelData): Inputs {
    const { levels, relative } = chooseFeatures(data);
    const set = featureSet(data);
    const own = set.features.find(
      ({ definition: { kind, of } }) =>
        OWN_WEEK.includes(kind) && (of as { column: string }).column === 'discount',
    );
    if (own !== undefined)
      throw new ConfigurationError('a feature moves with the discount that is asked about', {
        expected: 'features of the plan of other weeks, other series, or of the past',
        found: own.name,
        remedy: 'Take it out: the discount of the week is an input already.',
      });
    set.check(data);
    return new Inputs(set, levels.length, relative.length);
  }

  /** How many there are; the discount is the last. */
  get width(): number {
    return this.set.features.length - this.#levels + EXTRA;
  }

  /**
   * Units of an ordinary week.
   * @param features of some rows
   * @param row 0-based
   * @param fallback where nothing is known, neither of the series nor of its group
   * @returns the level, above 0
   */
  level(features: FeatureColumns, row: number, fallback: number): number {
    for (let at = 0; at < this.#levels; at++) {
      const level = features.find(this.set.names[at]!)![row]!;
      // A series that has sold nothing so far may yet.
      if (!Number.isNaN(level)) return Math.max(level, 0.02);
    }
    return Math.max(fallback, 0.02);
  }

  /**
   * Writes the inputs of one row.
   * @param features of some rows
   * @param from 0-based row of these
   * @param facts what is known besides
   * @param columns of inputs, as many as `width`
   * @param to row of these
   */
  write(
    features: FeatureColumns,
    from: number,
    { level, weeksAhead, discount }: InputFacts,
    columns: readonly Float32Array[],
    to: number,
  ): void {
    const { names } = this.set;
    let at = 0;
    for (let name = this.#levels; name < names.length; name++) {
      const value = features.find(names[name]!)![from]!;
      columns[at++]![to] = name < this.#levels + this.#relative ? value / level : value;
    }
    columns[at++]![to] = Math.log(level);
    columns[at++]![to] = weeksAhead;
    columns[at]![to] = discount;
  }

  /** As plain JSON, for the artifact. */
  toJson(): object {
    return { features: this.set.definition, levels: this.#levels, relative: this.#relative };
  }

  /**
   * @param json as `toJson` gives it
   * @returns the inputs
   * @throws ArtifactError when it is none of them
   */
  static parse(json: unknown): Inputs {
    const { features, levels, relative } = (json ?? {}) as Record<string, unknown>;
    if (typeof levels !== 'number' || typeof relative !== 'number')
      throw new ArtifactError('the saved inputs are damaged', { remedy: 'Train the model again.' });
    return new Inputs(FeatureSet.parse(features), levels, relative);
  }
}

/** What is known of a row besides its features. */
export interface InputFacts {
  readonly level: number;
  readonly weeksAhead: number;
  /** Share of the black price. */
  readonly discount: number;
}
