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
import { readCohortTable, type CohortTable } from './cohort-table.ts';
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
  const { cutoff, signal, onProgress, seed } = job;
  const { maturityWeeks, leadWeeks } = hyperparameters;
  throwIfAborted(signal);
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
  const maturity = hyperparameters.maturityCorrection
    ? times.maturity(items)
    : new Float64Array(items.length * times.width).fill(1);
  const correlation = unitCorrelation(sold, lastWeek, maturity, times.width);
  const table = independentUnits(sold, correlation);
  const history = new History(table, new Timelines(table, maturity, times.width), items, cutoff);
  const attributes = Attributes.fit(items, hyperparameters.minimumCount, hyperparameters.maximumCategories);
  const { groups: pool, count } = history.pools.group;
  const prices = GroupPrices.fit(table, pool, count);
  const { training, validation } = makeExamples(history, items, attributes, prices, {
    maturity,
    width: times.width,
    leadWeeks,
    validationShare: hyperparameters.validationShare,
    maximumRows: hyperparameters.maximumRows,
    seed,
    signal,
  });
  checkExamples(training);
  const support = maturedUnits(sold, lastWeek, maturity, times.width);
  const states = ItemStates.of(history, items, prices, support);
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
    leadWeeks,
    metrics: {
      logLoss,
      trees,
      returnRate,
      correlation,
      cohorts: training.units.length + validation.units.length,
    },
  };
}

/** Article and market of each series, in sorted order. */
function seriesKeys({ keys, series }: CohortTable): Batch {
  const rows = Uint32Array.from(series);
  const [article, market] = keys.toColumns().map((column) => takeColumn(column, rows));
  return new Batch({ article: article!, market: market! });
}

/** Units sold of each series, young ones counted by their maturity. */
function maturedUnits(
  { series, offsets, week, units }: CohortTable,
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
