import { DataError, formatWeek, throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  DemandHistory,
  type FilledPanel,
  HierarchicalAverages,
  OrdinalEncoding,
  PanelSource,
  selectSeries,
  seriesHash,
  StandardScaling,
} from '@hemline/features';
import { loadTensorflow } from '@hemline/tensor';
import { columnsOf, type DatasetColumns } from './dataset-columns.ts';
import { FittedNetwork } from './fitted-network.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import type { NetworkInputs } from './network.ts';
import {
  joinStores,
  numbersOf,
  PRICE_COLUMNS,
  scaledNames,
  storeOf,
  type Encoders,
} from './store-builder.ts';
import { sharedStore } from './threaded-windows.ts';
import { trainMembers } from './train-members.ts';
import { NETWORK_INPUTS, type InputName } from './window-parts.ts';
import { Windows, type WindowShape } from './windows.ts';

/** All that a training leaves. */
export interface FittedParts {
  readonly columns: DatasetColumns;
  readonly encoders: Encoders;
  readonly history: DemandHistory;
  readonly network: FittedNetwork;
  readonly shape: WindowShape;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Weeks of its own that count as much as the group's level, at least and at most. */
const [LEAST_PRIOR, MOST_PRIOR] = [0.5, 4];

/**
 * Trains the model.
 * @param job cutoff, seed, signal
 * @param tables up to the cutoff
 * @param hyperparameters of the training
 * @returns all that forecasts need
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised, once a checkpoint is saved
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  hyperparameters: DemandHyperparameters,
): Promise<FittedParts> {
  const { cutoff, signal } = job;
  const available = columnsOf(tables);
  const history = await DemandHistory.fit(tables, cutoff, signal);
  const panels = await readPanels(job, tables, available, history, hyperparameters.maximumSeries);
  const encoders = fitEncoders(panels, available, cutoff, hyperparameters);
  const columns = { ...available, categories: encoders.categories.columns };
  const shape: WindowShape = {
    historyWeeks: hyperparameters.historyWeeks,
    horizon: hyperparameters.horizon,
    scaleWeeks: hyperparameters.scaleWeeks,
    priorWeeks: Math.max(LEAST_PRIOR, Math.min(MOST_PRIOR, encoders.levels.strength('article'))),
  };
  const windows = new Windows(
    sharedStore(joinStores(panels.map((panel) => storeOf(panel, columns, encoders, cutoff)))),
    shape,
  );
  const width = (input: InputName): number => NETWORK_INPUTS[input].shape(windows).at(-1)!;
  const inputs: NetworkInputs = {
    past: width('past'),
    planned: width('planned'),
    statics: width('statics'),
    categories: columns.categories.map((name) => encoders.categories.cardinality(name)),
  };
  const engine = await loadTensorflow();
  const { members, metrics } = await trainMembers(engine, job, windows, inputs, hyperparameters);
  const network = new FittedNetwork(engine, hyperparameters, inputs, members);
  return { columns, encoders, history, network, shape, metrics };
}

/** The panels of the series that are learnt from. */
async function readPanels(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  columns: DatasetColumns,
  history: DemandHistory,
  maximumSeries: number,
): Promise<FilledPanel[]> {
  const weekly = await history.weekly(tables, cutoff, signal);
  const source = await PanelSource.open(
    { weekly, articles: tables.find('articles'), markets: tables.find('markets') },
    signal,
  );
  const total = source.series.length;
  const share = maximumSeries / Math.max(1, total);
  const panels: FilledPanel[] = [];
  let done = 0;
  for await (const panel of source.panels({
    columns: weeklyColumns(
      weekly.schema.fields.map(({ name }) => name),
      columns,
    ),
    attributes: attributesOf(columns),
    signal,
  })) {
    throwIfAborted(signal);
    done += panel.series.length;
    const some = selectSeries(panel, (series) => share >= 1 || hashOf(panel, series) < share);
    if (some.series.length > 0) panels.push(some);
    onProgress?.({ phase: 'reading series', done, total, unit: 'series' });
  }
  if (!panels.some((panel) => panel.observed.includes(1)))
    throw new DataError('there is no demand to learn from', {
      expected: `weeks with demand up to ${formatWeek(cutoff)}`,
      found: `${total} series without any`,
      where: { table: 'weekly', column: 'demand' },
      remedy: 'Choose a later cutoff, or data that goes back further.',
    });
  return panels;
}

/**
 * Columns of the weekly table that are read.
 * @param there names of those it has
 * @param columns of the dataset
 * @returns their names
 */
export function weeklyColumns(there: readonly string[], columns: DatasetColumns): string[] {
  const optional = [...PRICE_COLUMNS, 'imputed'].filter((name) => there.includes(name));
  return [...new Set(['demand', ...optional, ...columns.planned.inputs.future, ...columns.past])];
}

/**
 * @param columns of the dataset
 * @returns attributes of series that are joined
 */
export function attributesOf(columns: DatasetColumns): string[] {
  const all = ['group', ...columns.categories, ...columns.numbers, ...columns.planned.inputs.attributes];
  return [...new Set(all)].filter((name) => name !== 'article' && name !== 'market');
}

function fitEncoders(
  panels: readonly FilledPanel[],
  columns: DatasetColumns,
  cutoff: number,
  { maximumCategories, minimumCount }: DemandHyperparameters,
): Encoders {
  const names = scaledNames(columns);
  const scaling = new StandardScaling(names);
  const encoding = new OrdinalEncoding(columns.categories);
  const levels = new HierarchicalAverages(ARTICLE_HIERARCHY, 'log demand');
  const empty = new Set(names);
  for (const panel of panels) {
    const numbers = numbersOf(panel, columns, cutoff);
    scaling.add(numbers);
    for (const name of empty)
      if (numbers.get(name)!.some((value) => !Number.isNaN(value))) empty.delete(name);
    encoding.add(panel.series);
    addLevels(levels, panel, cutoff);
  }
  // A covariate without a value says nothing; it is scaled all the same, so that later values can be read.
  scaling.add(
    new Map(names.map((name) => [name, empty.has(name) ? Float64Array.of(0) : new Float64Array()])),
  );
  const all = encoding.fit(minimumCount);
  const few = columns.categories.filter((name) => all.cardinality(name) <= maximumCategories + 1);
  return { scaler: scaling.fit(), categories: all.select(few), levels: levels.fit() };
}

function addLevels(levels: HierarchicalAverages, panel: FilledPanel, cutoff: number): void {
  const demand = panel.rows.floats('demand');
  const sums = new Float64Array(panel.series.length);
  const weights = new Float64Array(panel.series.length);
  for (let series = 0; series < sums.length; series++) {
    for (let row = panel.offsets[series]!; row < panel.offsets[series + 1]!; row++) {
      if (Number.isNaN(demand[row]!) || panel.weeks[row]! > cutoff) continue;
      sums[series]! += Math.log1p(Math.max(0, demand[row]!));
      weights[series]!++;
    }
  }
  const means = sums.map((sum, series) => (weights[series] === 0 ? 0 : sum / weights[series]!));
  levels.add(panel.series.select(['article', 'group', 'market']), means, weights);
}

function hashOf({ series }: FilledPanel, one: number): number {
  const [article, market] = ['article', 'market'].map((name) => {
    const { values, dictionary } = series.strings(name);
    return dictionary[values[one]!]!;
  }) as [string, string];
  return seriesHash(article, market);
}
