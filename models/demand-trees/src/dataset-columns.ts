import { TABLES, type Field, type PanelData, type Schema, type Tables } from '@hemline/core';
import {
  current,
  FeatureSet,
  future,
  panelDataOf,
  saleEvent,
  weeksSinceLaunch,
  weeksToSeasonEnd,
  yearWaves,
  type Feature,
} from '@hemline/features';

/** Columns of one dataset that the model reads, by what is known of them when. */
export interface DatasetColumns {
  /** What is known of a week ahead of it, besides price and discount: planned covariates first, then the calendar. */
  readonly planned: FeatureSet;
  /** How many of these are planned covariates. */
  readonly covariates: number;
  /** Columns that are known afterwards only. */
  readonly past: readonly string[];
  /** Attributes of series that are text, and those that are numbers. */
  readonly categories: readonly string[];
  readonly numbers: readonly string[];
}

const NUMBERS: readonly Field['type'][] = ['float64', 'float32', 'int32', 'bool'];
/** Harmonics of the year: trees need few, as data has few years. */
const YEAR_WAVES = 2;
/** Feasts that sell before or after them. */
const EVENTS = ['black_friday', 'christmas', 'easter'] as const;
/** Weeks before and after a feast that may be unlike others. */
const EVENT_WEEKS = 4;

/**
 * What the model is told of weeks ahead besides price and discount.
 * @param data what the dataset has
 * @returns the features
 */
export function plannedFeatures({
  weekly,
  knownAhead,
  attributes,
}: Pick<PanelData, 'weekly' | 'knownAhead' | 'attributes'>): FeatureSet {
  const features: Feature[] = plannedCovariates(weekly, knownAhead).map((name) => current(future(name)));
  features.push(...yearWaves(YEAR_WAVES));
  for (const name of EVENTS)
    for (const measure of ['to', 'since'] as const)
      features.push(saleEvent({ name, measure, limit: EVENT_WEEKS }));
  if (attributes.includes('launchWeek')) features.push(weeksSinceLaunch());
  if (attributes.includes('seasonEndWeek')) features.push(weeksToSeasonEnd());
  return new FeatureSet(features);
}

/**
 * Chooses what to read of a dataset: every covariate that is a number, stock, every attribute.
 * @param tables with their schemas
 * @returns the columns
 */
export function columnsOf(tables: Tables): DatasetColumns {
  const data = panelDataOf(tables);
  const attributes = [
    ...fieldsOf(tables.find('articles')?.schema).filter(({ name }) => name !== 'article'),
    ...fieldsOf(tables.find('markets')?.schema).filter(({ name }) => name !== 'market'),
  ];
  const planned = plannedCovariates(data.weekly, data.knownAhead);
  const stock = data.weekly.fields.filter(({ name }) => name === 'stock').map(({ name }) => name);
  return {
    planned: plannedFeatures(data),
    covariates: planned.length,
    past: [...stock, ...covariatesOf(data.weekly).filter((name) => !planned.includes(name))],
    categories: [
      'article',
      'market',
      ...attributes.filter(({ type }) => type === 'string').map(({ name }) => name),
    ],
    numbers: attributes.filter(({ type }) => NUMBERS.includes(type)).map(({ name }) => name),
  };
}

/**
 * Columns of the weekly table that are read.
 * @param there names of those it has
 * @param columns of the dataset
 * @returns their names
 */
export function weeklyColumns(there: readonly string[], columns: DatasetColumns): string[] {
  const optional = ['discount', 'blackPrice'].filter((name) => there.includes(name));
  const wanted = ['demand', ...optional, ...columns.planned.inputs.future, ...columns.past];
  return [...new Set(wanted)].filter((name) => there.includes(name));
}

/**
 * @param columns of the dataset
 * @returns attributes of series that are joined
 */
export function attributesOf(columns: DatasetColumns): string[] {
  const all = ['group', ...columns.categories, ...columns.numbers, ...columns.planned.inputs.attributes];
  return [...new Set(all)].filter((name) => name !== 'article' && name !== 'market');
}

function plannedCovariates(weekly: Schema, knownAhead: readonly string[]): string[] {
  return covariatesOf(weekly).filter((name) => knownAhead.includes(name));
}

function covariatesOf({ fields }: Schema): string[] {
  return fields
    .filter(
      ({ name, type }) => NUMBERS.includes(type) && !TABLES.weekly.roles.some((role) => role.name === name),
    )
    .map(({ name }) => name);
}

function fieldsOf(schema: Schema | undefined): readonly Field[] {
  return schema?.fields ?? [];
}
