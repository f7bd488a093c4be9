import {
  ArtifactError,
  TABLES,
  type ArtifactReader,
  type ArtifactWriter,
  type Field,
  type PanelData,
  type Schema,
  type Tables,
} from '@hemline/core';
import {
  current,
  FeatureSet,
  future,
  saleEvent,
  weeksSinceLaunch,
  weeksToSeasonEnd,
  yearWaves,
  type Feature,
} from '@hemline/features';

/** Columns of one dataset that the model reads, by what is known of them when. */
export interface DatasetColumns {
  /** What is known of a week ahead of it, besides price and discount. */
  readonly planned: FeatureSet;
  /** Covariates that are known afterwards only. */
  readonly past: readonly string[];
  /** Attributes of series that are text, and those that are numbers. */
  readonly categories: readonly string[];
  readonly numbers: readonly string[];
}

const NUMBERS: readonly Field['type'][] = ['float64', 'float32', 'int32', 'bool'];
/** Harmonics of the year: the data has few years to learn from. */
const YEAR_WAVES = 1;
/** Feasts that sell before or after them. */
const EVENTS = ['black_friday', 'christmas', 'easter'] as const;
/** Weeks before and after a feast that may be unlike others. */
const EVENT_WEEKS = 4;

/**
 * What the model is told of weeks ahead: every planned covariate that is a number, the year, feasts, the article's age. Discount and
 * black price are not among them: they act through the demand curve alone.
 * @param data what the dataset has
 * @returns the features
 */
export function plannedFeatures({
  weekly,
  knownAhead,
  attributes,
}: Pick<PanelData, 'weekly' | 'knownAhead' | 'attributes'>): FeatureSet {
  const features: Feature[] = covariatesOf(weekly)
    .filter(({ name }) => knownAhead.includes(name))
    .map(({ name }) => current(future(name)));
  features.push(...yearWaves(YEAR_WAVES));
  for (const name of EVENTS)
    for (const measure of ['to', 'since'] as const)
      features.push(saleEvent({ name, measure, limit: EVENT_WEEKS }));
  if (attributes.includes('launchWeek')) features.push(weeksSinceLaunch());
  if (attributes.includes('seasonEndWeek')) features.push(weeksToSeasonEnd());
  return new FeatureSet(features);
}

/**
 * Chooses what to read of a dataset: every covariate that is a number, every attribute.
 * @param tables with their schemas
 * @returns the columns
 */
export function columnsOf(tables: Tables): DatasetColumns {
  const weekly = tables.get('weekly').schema;
  const attributes = [
    ...fieldsOf(tables.find('articles')?.schema).filter(({ name }) => name !== 'article'),
    ...fieldsOf(tables.find('markets')?.schema).filter(({ name }) => name !== 'market'),
  ];
  const covariates = covariatesOf(weekly);
  const knownAhead = covariates.filter((field) => field.knownAhead === true).map(({ name }) => name);
  return {
    planned: plannedFeatures({ weekly, knownAhead, attributes: attributes.map(({ name }) => name) }),
    past: covariates.filter((field) => field.knownAhead !== true).map(({ name }) => name),
    categories: [
      'article',
      'market',
      ...attributes.filter(({ type }) => type === 'string').map(({ name }) => name),
    ],
    numbers: attributes.filter(({ type }) => NUMBERS.includes(type)).map(({ name }) => name),
  };
}

function covariatesOf({ fields }: Schema): readonly Field[] {
  return fields.filter(
    ({ name, type }) => NUMBERS.includes(type) && !TABLES.weekly.roles.some((role) => role.name === name),
  );
}

function fieldsOf(schema: Schema | undefined): readonly Field[] {
  return schema?.fields ?? [];
}

/**
 * @param columns to save
 * @param artifact where to
 */
export async function saveColumns(columns: DatasetColumns, artifact: ArtifactWriter): Promise<void> {
  await artifact.writeJson('columns', { ...columns, planned: columns.planned.definition });
}

/**
 * @param artifact where from
 * @returns the columns
 * @throws ArtifactError when the entry is damaged
 */
export async function loadColumns(artifact: ArtifactReader): Promise<DatasetColumns> {
  const saved = (await artifact.readJson('columns')) as Record<keyof DatasetColumns, unknown>;
  const lists = [saved.past, saved.categories, saved.numbers];
  if (!lists.every((list) => Array.isArray(list)))
    throw new ArtifactError('saved columns are damaged', { where: { file: 'columns' } });
  const [past, categories, numbers] = lists as [string[], string[], string[]];
  return { planned: FeatureSet.parse(saved.planned), past, categories, numbers };
}
