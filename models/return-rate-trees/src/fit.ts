import {
  DataError,
  itemsOf,
  memoryTable,
  throwIfAborted,
  weeksBetween,
  Batch,
  type Tables,
  type TrainingJob,
  takeColumn,
} from '@hemline/core';
import { ArticleAttributes, returnTimeHazard } from '@hemline/features';
import { Attributes } from './attributes.ts';
import { readCohortTable, type SoldCohorts } from './cohort-table.ts';
import { makeExamples, type Examples } from './examples.ts';
import { FEATURES } from './features.ts';
import { GroupPrices } from './groups.ts';
import { History } from './history.ts';
import type { ReturnTreesHyperparameters } from './hyperparameters.ts';
import { independentUnits, unitCorrelation } from './correlation.ts';
import { explain, type Insights } from './insights.ts';
import { ItemStates } from './item-states.ts';
import { Timelines } from './timelines.ts';
import { trainTrees } from './training.ts';

/** A fitted model in its parts. */
export interface FittedParts {
  readonly text: string;
  readonly attributes: Attributes;
  readonly states: ItemStates;
  readonly insights: Insights;
  readonly leadWeeks: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Return times are pooled by group within the market. */
const RETURN_TIMES = [
  { name: 'market', columns: ['market'] },
  { name: 'group', columns: ['group', 'market'] },
];

/**
 * Fits the trees. First how fast returns arrive; then the history of every series, with cohorts counting as far as they have had
 * time to come back; then the trees, on every cohort with the history that was known before it.
 * @param job cutoff, seed, signal, progress, checkpoints
 * @param tables `weekly`, `returns`, and `articles` and `markets` where there are such
 * @param hyperparameters of the training
 * @returns the model
 * @throws SchemaError when a table or column is missing
 * @throws DataError when the data does not tell how fast returns arrive, is wrong, or leaves nothing to learn from
 * @throws InterruptedError when the job must stop
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  hyperparameters: ReturnTreesHyperparameters,
): Promise<FittedParts> {
  throwIfAborted(job.signal);
  const { attributes, states, correlation, training, validation } = lessonsOf(
    await readPast(job, tables, hyperparameters),
    job,
    hyperparameters,
  );
  const categorical = attributes.names.categories.map((_, at) => FEATURES.length + at);
  const trained = await trainTrees(job, training, validation, categorical, hyperparameters);
  const shown = validation.units.length > 0 ? validation : training;
  const insights = await explain(trained.text, shown, attributes);
  const { logLoss, trees } = trained;
  const returnRate = overallRate(training);
  return {
    text: trained.text,
    attributes,
    states,
    insights,
    leadWeeks: hyperparameters.leadWeeks,
    metrics: {
      logLoss,
      trees,
      returnRate,
      correlation,
      cohorts: training.units.length + validation.units.length,
    },
  };
}

/** All that is known of the past, a row of `items` a series. */
interface Past {
  readonly history: History;
  readonly items: Batch;
  /** Share of the returns of each series that is in after 0 … K weeks; `width` values each. */
  readonly maturity: Float64Array;
  readonly width: number;
  /** Units sold of each series, young ones counted by their maturity. */
  readonly support: Float64Array;
  /** How alike the units of a cohort are. */
  readonly correlation: number;
}

/** A function of its own, so that what is read is not held on to: returns week by week are the most of it. */
async function readPast(
  job: TrainingJob,
  tables: Tables,
  { maturityWeeks, maturityCorrection }: ReturnTreesHyperparameters,
): Promise<Past> {
  const { cutoff, signal, onProgress } = job;
  const groups = await ArticleAttributes.read(tables.find('articles'), ['group'], signal);
  const times = await returnTimeHazard(tables, RETURN_TIMES, {
    cutoff,
    maximumLag: maturityWeeks,
    keys: ['article', 'market'],
    attributes: groups,
    signal,
    onProgress,
  });
  const sold = await readCohortTable(job, tables, maturityWeeks);
  const lastWeek = weeksBetween(sold.firstWeek, cutoff);
  const items = await itemsOf(
    memoryTable('weekly', [seriesKeys(sold)]),
    tables.find('articles'),
    tables.find('markets'),
  );
  const { width } = times;
  const maturity = maturityCorrection
    ? times.maturity(items)
    : new Float64Array(items.length * width).fill(1);
  const correlation = unitCorrelation(sold, lastWeek, maturity, width);
  const { back, ...table } = independentUnits(sold, correlation);
  const timelines = new Timelines({ ...table, back }, maturity, width);
  return {
    history: new History(table, timelines, items, cutoff),
    items,
    maturity,
    width,
    support: maturedUnits(sold, lastWeek, maturity, width),
    correlation,
  };
}

/** What trees learn from. */
interface Lessons {
  readonly attributes: Attributes;
  readonly states: ItemStates;
  readonly correlation: number;
  readonly training: Examples;
  readonly validation: Examples;
}

/** Once it is done, nothing holds on to the past any more. */
function lessonsOf(
  { history, items, maturity, width, support, correlation }: Past,
  { seed, signal }: TrainingJob,
  hyperparameters: ReturnTreesHyperparameters,
): Lessons {
  const { leadWeeks, validationShare, maximumRows, minimumCount, maximumCategories } = hyperparameters;
  const attributes = Attributes.fit(items, minimumCount, maximumCategories);
  const { groups, count } = history.pools.group;
  const prices = GroupPrices.fit(history.table, groups, count);
  const options = { maturity, width, leadWeeks, validationShare, maximumRows, seed, signal };
  const { training, validation } = makeExamples(history, items, attributes, prices, options);
  checkExamples(training);
  const states = ItemStates.of(history, items, prices, support);
  return { attributes, states, correlation, training, validation };
}

/** Article and market of each series, in sorted order. */
function seriesKeys({ keys, series }: SoldCohorts): Batch {
  const rows = Uint32Array.from(series);
  const [article, market] = keys.toColumns().map((column) => takeColumn(column, rows));
  return new Batch({ article: article!, market: market! });
}

/** Units sold of each series, young ones counted by their maturity. */
function maturedUnits(
  { series, offsets, week, units }: SoldCohorts,
  lastWeek: number,
  maturity: Float64Array,
  width: number,
): Float64Array {
  return Float64Array.from(series, (_, one) => {
    let sum = 0;
    for (let row = offsets[one]!; row < offsets[one + 1]!; row++)
      sum += units[row]! * maturity[one * width + Math.min(lastWeek - week[row]!, width - 1)]!;
    return sum;
  });
}

function checkExamples({ units }: Examples): void {
  if (units.length > 0) return;
  throw new DataError('there is nothing to learn return rates from', {
    expected: 'units sold in weeks before the cutoff',
    found: 'none after the first weeks',
    where: { table: 'weekly' },
    remedy: 'Choose a later cutoff, or data that goes back further.',
  });
}

function overallRate({ units, returned, maturity }: Examples): number {
  const exposure = units.reduce((sum, one, row) => sum + one * maturity[row]!, 0);
  return returned.reduce((sum, one) => sum + one, 0) / exposure;
}
