import { ConfigurationError, SchemaError, type PanelData, type Week } from '@hemline/core';
import { GroupTotals, type Grouping } from '../groups/group-totals.ts';
import type { Feature, FeatureDefinition } from '../kinds/feature.ts';
import { parseFeature } from '../kinds/parse-feature.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { ahead, type AheadFeatures } from './ahead.ts';
import type { FeatureColumns } from './feature-columns.ts';
import { transform } from './transform.ts';

/** Version of the JSON that a set of features is saved as. */
const VERSION = 1;

/** A set of features as JSON: what a model saves and what is written beside a panel. */
export interface FeatureSetDefinition {
  readonly version: number;
  readonly features: readonly FeatureDefinition[];
}

/** Columns that a set of features reads. */
export interface FeatureInputs {
  /** Of the weekly rows, up to the cutoff. */
  readonly past: readonly string[];
  /** Of the weekly rows, also after it. */
  readonly future: readonly string[];
  /** Of the articles and markets. */
  readonly attributes: readonly string[];
}

/** What the rows of a panel are seen from. */
export interface TransformOptions {
  /** The last known week: of past covariates nothing after it is read. */
  readonly cutoff: Week;
  /** Every row is seen from so many weeks before its own; 1 by default. */
  readonly leadTime?: number;
  /** Sums of all panels; needed when groups are spread over several, else those of this one. */
  readonly totals?: GroupTotals;
}

/** What the weeks ahead are seen from. */
export interface AheadOptions {
  /** The last known week. */
  readonly cutoff: Week;
  /** How many weeks ahead. */
  readonly horizon: number;
  /** As for `transform`. */
  readonly totals?: GroupTotals;
}

/** Features, declared once and the same in training and in inference. */
export class FeatureSet {
  readonly features: readonly Feature[];
  readonly inputs: FeatureInputs;
  /** Groups whose sums are needed. */
  readonly groupings: readonly Grouping[];

  /**
   * @param features at least one, each once
   * @throws ConfigurationError when one occurs twice
   */
  constructor(features: readonly Feature[]) {
    this.features = features;
    const twice = features.find(({ name }, i) => features.findIndex((other) => other.name === name) !== i);
    if (twice !== undefined) {
      throw new ConfigurationError('a feature is declared twice', {
        expected: 'every feature once',
        found: twice.name,
        remedy: 'Take one of them out.',
      });
    }
    this.inputs = inputsOf(features);
    this.groupings = features.flatMap(groupingsOf);
  }

  /**
   * @param definition as `definition` gives it
   * @returns the set
   * @throws ConfigurationError for what is no definition of features
   */
  static parse(definition: unknown): FeatureSet {
    const { version, features } = (definition ?? {}) as Partial<FeatureSetDefinition>;
    if (version === VERSION && Array.isArray(features)) return new FeatureSet(features.map(parseFeature));
    throw new ConfigurationError('this is no definition of features', {
      expected: `{ "version": ${VERSION}, "features": […] }`,
      found: JSON.stringify(definition)?.slice(0, 80) ?? 'nothing',
    });
  }

  get names(): readonly string[] {
    return this.features.map(({ name }) => name);
  }

  /** The set as JSON. */
  get definition(): FeatureSetDefinition {
    return { version: VERSION, features: this.features.map(({ definition }) => definition) };
  }

  /** Whether the sums of all panels are needed before the first can be transformed. */
  get needsTotals(): boolean {
    return this.groupings.length > 0;
  }

  /**
   * Checks that a dataset has what is read, and that what is read ahead is declared as known ahead.
   * @param data what the dataset has
   * @throws SchemaError that names the column and the features that read it
   */
  check({ weekly, knownAhead, attributes }: PanelData): void {
    const names = weekly.fields.map(({ name }) => name);
    const lacking = (table: string, column: string, found: readonly string[]): SchemaError =>
      new SchemaError('a feature reads a column that the dataset lacks', {
        expected: `${column}, for ${this.#readers(column)}`,
        found: found.join(', ') || 'none',
        where: { table, column },
        remedy: 'Map the column in dataset.json, or take the features out.',
      });
    for (const column of [...this.inputs.past, ...this.inputs.future])
      if (!names.includes(column)) throw lacking('weekly', column, names);
    for (const attribute of this.inputs.attributes)
      if (!attributes.includes(attribute)) throw lacking('articles', attribute, attributes);
    for (const column of this.inputs.future) {
      if (knownAhead.includes(column)) continue;
      throw new SchemaError('a feature reads the future of a column that is not known ahead', {
        expected: `a column that is planned: ${knownAhead.join(', ') || 'none is'}`,
        found: `${column}, for ${this.#readers(column, 'future')}`,
        where: { table: 'weekly', column },
        remedy: `Declare it under "futureCovariates" in dataset.json if it is planned, else read past('${column}').`,
      });
    }
  }

  /**
   * The sums that features of groups are made of: add every panel, then transform each.
   * @param cutoff the last known week
   * @returns empty sums
   */
  totals(cutoff: Week): GroupTotals {
    return new GroupTotals(this.groupings, cutoff);
  }

  /**
   * Features of all rows of a panel, each as it could have been known `leadTime` weeks before its own week.
   * @param panel with a row in every week
   * @param options cutoff, lead time
   * @returns a column a feature; NaN where it cannot be known
   */
  transform(panel: FilledPanel, { cutoff, leadTime = 1, totals }: TransformOptions): FeatureColumns {
    return transform(this.features, panel, { cutoff, leadTime, totals: totals ?? this.#own(panel, cutoff) });
  }

  /**
   * Features of the weeks after the cutoff, from no more history than each needs: equal to `transform` with each week's lead
   * time.
   * @param panel with history and plan, every series filled to the end of the horizon
   * @param options cutoff, horizon
   * @returns a row a series and week
   */
  ahead(panel: FilledPanel, { cutoff, horizon, totals }: AheadOptions): AheadFeatures {
    return ahead(this.features, panel, { cutoff, horizon, totals: totals ?? this.#own(panel, cutoff) });
  }

  /**
   * Features of the next week: the first of `ahead`.
   * @param panel as for `ahead`
   * @param options cutoff
   * @returns a row a series
   */
  update(panel: FilledPanel, options: Omit<AheadOptions, 'horizon'>): AheadFeatures {
    return this.ahead(panel, { ...options, horizon: 1 });
  }

  #own(panel: FilledPanel, cutoff: Week): GroupTotals {
    const totals = this.totals(cutoff);
    totals.add(panel);
    return totals;
  }

  /** Features that read a column, or of those only the ones that read its future. */
  #readers(column: string, known?: 'future'): string {
    const isRead = (each: Grouping['of']): boolean =>
      each.column === column && (known === undefined || each.known === known);
    return this.features
      .filter(
        (feature) =>
          columnsOf(feature).some(isRead) || (known === undefined && attributesOf(feature).includes(column)),
      )
      .map(({ name }) => name)
      .join(', ');
  }
}

function inputsOf(features: readonly Feature[]): FeatureInputs {
  const reads = features.flatMap(columnsOf);
  const known = (when: 'past' | 'future'): string[] => [
    ...new Set(reads.filter((each) => each.known === when).map(({ column }) => column)),
  ];
  const attributes = [...new Set(features.flatMap(attributesOf))];
  return { past: known('past'), future: known('future'), attributes };
}

function attributesOf(feature: Feature): readonly string[] {
  const groups = groupingsOf(feature).flatMap(({ by }) => by);
  return feature.looks === 'at the week' ? [...groups, ...feature.attributes] : groups;
}

function columnsOf(feature: Feature): readonly Grouping['of'][] {
  return feature.looks === 'back at groups' ? [feature.of] : feature.reads;
}

function groupingsOf(feature: Feature): readonly Grouping[] {
  if (feature.looks === 'back at groups') return [{ of: feature.of, by: feature.by }];
  return feature.looks === 'at the week' ? feature.groups : [];
}
