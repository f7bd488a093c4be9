import { addWeeks, weeksBetween, type Tables, type TrainingJob, type Week } from '@hemline/core';
import {
  DemandHistory,
  hashOfSeries,
  knownYear,
  readDemandPanels,
  selectSeries,
  type FilledPanel,
} from '@hemline/features';
import { loadTensorflow, type TensorEngine } from '@hemline/tensor';
import { carriedRows } from './carried-weights.ts';
import { attributesOf, weeklyColumns } from './columns-read.ts';
import { columnsOf, type DatasetColumns } from './dataset-columns.ts';
import { fitEncoders, updateEncoders } from './fit-encoders.ts';
import { FittedNetwork } from './fitted-network.ts';
import { heldOutBatches, heldOutWeeksOf, heldOutWindows, unseenFrom } from './held-out-windows.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { MemberTraining, type Lessons } from './member-training.ts';
import type { NetworkInputs } from './network.ts';
import { spreadFactors } from './spread-calibration.ts';
import { joinStores, storeOf, type Encoders } from './store-builder.ts';
import { sharedStore } from './threaded-windows.ts';
import { NETWORK_INPUTS, type InputName } from './window-parts.ts';
import { Windows, type WindowShape } from './windows.ts';

/** All that a training leaves. */
export interface FittedParts {
  readonly columns: DatasetColumns;
  readonly encoders: Encoders;
  readonly history: DemandHistory;
  readonly network: FittedNetwork;
  readonly shape: WindowShape;
  /** By how much dispersions are multiplied so that quantiles hold what they say, by week ahead. */
  readonly spread: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** What is known of a dataset at a week. */
interface Data {
  readonly cutoff: Week;
  readonly panels: readonly FilledPanel[];
  readonly columns: DatasetColumns;
  readonly history: DemandHistory;
}

/** The same, and how it becomes numbers. */
interface Knowledge extends Data {
  readonly encoders: Encoders;
}

/** Weeks of its own that count as much as the group's level, at least and at most. */
const [LEAST_PRIOR, MOST_PRIOR] = [0.5, 4];

/**
 * Trains the model: first without the last weeks, which say when it has learnt, then on these, too. Data of less than four weeks is
 * learnt as a whole.
 * @param job cutoff, seed, signal
 * @param tables up to the cutoff
 * @param hyperparameters of the training
 * @param onHeldOut told what was learnt without the last weeks, and until when; its network is freed afterwards
 * @returns all that forecasts need
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised, once a checkpoint is saved
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  hyperparameters: DemandHyperparameters,
  onHeldOut: (cutoff: Week, parts: FittedParts) => Promise<void>,
): Promise<FittedParts> {
  const engine = await loadTensorflow();
  const there = await read(job, tables, columnsOf(tables), hyperparameters);
  const known = weeksOf(there);
  const weeks = heldOutWeeksOf(known, job.heldOutWeeks);
  const planned = knownYear(there.columns.planned, there.panels, job.cutoff);
  const data = { ...there, columns: { ...there.columns, planned } };
  if (weeks === 0 || weeks >= known) {
    const all = knowing(data, hyperparameters);
    const lessons = lessonsOf(all, hyperparameters);
    const training = await MemberTraining.open(engine, job, lessons.windows, hyperparameters);
    const network = networkOf(engine, lessons, await training.learn(lessons, []), hyperparameters);
    return partsOf(
      all,
      lessons,
      network,
      Array.from({ length: hyperparameters.horizon }, () => 1),
      training.metrics,
    );
  }

  const until = addWeeks(job.cutoff, -weeks);
  const early = await read({ ...job, cutoff: until }, tables.asOf(until), data.columns, hyperparameters);
  const before = knowing(early, hyperparameters);
  const unseen = unseenFrom(seriesOf(before));
  const lessons = lessonsOf(before, hyperparameters, unseen);
  const all = { ...before, cutoff: job.cutoff, panels: data.panels };
  const training = await MemberTraining.open(engine, job, lessons.windows, hyperparameters);
  const { batchSize } = training;
  const looks = heldOutWindows(lessonsOf(all, hyperparameters).windows, until, unseen, batchSize);
  const learnt = await training.learn(lessons, heldOutBatches(looks, batchSize, hyperparameters.weightPower));
  const held = networkOf(engine, lessons, learnt, hyperparameters);
  let spread: readonly number[];
  try {
    spread = spreadFactors(held, looks, hyperparameters.inferenceBatch);
    await onHeldOut(until, partsOf(before, lessons, held, spread, training.earlyMetrics));
  } finally {
    held.dispose();
  }

  const encoders = updateEncoders(before.encoders, data.panels, job.cutoff, hyperparameters);
  const now = { ...data, columns: before.columns, encoders };
  const late = lessonsOf(now, hyperparameters);
  const carried = carriedRows(before.encoders.categories, encoders.categories);
  const members = await training.learnLast({ ...late, known: until, before: lessons.inputs, carried });
  const network = networkOf(engine, late, members, hyperparameters);
  return partsOf(now, late, network, spread, { ...training.metrics, heldOutWeeks: weeks });
}

async function read(
  job: TrainingJob,
  tables: Tables,
  columns: DatasetColumns,
  { maximumSeries }: DemandHyperparameters,
): Promise<Data> {
  const { cutoff, signal } = job;
  const history = await DemandHistory.fit(tables, cutoff, signal);
  const panels = await readDemandPanels(job, {
    ...{ tables, history, maximumSeries },
    columns: (there) => weeklyColumns(there, columns),
    attributes: attributesOf(columns),
  });
  return { cutoff, columns, history, panels };
}

function knowing(data: Data, hyperparameters: DemandHyperparameters): Knowledge {
  const { panels, columns, cutoff } = data;
  const encoders = fitEncoders(panels, columns, cutoff, hyperparameters);
  return { ...data, columns: { ...columns, categories: encoders.categories.columns }, encoders };
}

/** Windows of the series whose names have smaller hashes, and the sizes of what a network reads of them. */
function lessonsOf(
  { panels, columns, encoders, cutoff }: Knowledge,
  { historyWeeks, horizon, scaleWeeks }: DemandHyperparameters,
  below = Infinity,
): Lessons {
  const priorWeeks = Math.max(LEAST_PRIOR, Math.min(MOST_PRIOR, encoders.levels.strength('article')));
  const stores = panels
    .map((panel) => selectSeries(panel, (one) => hashOfSeries(panel.series, one) < below))
    .filter(({ series }) => series.length > 0)
    .map((panel) => storeOf(panel, columns, encoders, cutoff));
  const windows = new Windows(sharedStore(joinStores(stores)), {
    historyWeeks,
    horizon,
    scaleWeeks,
    priorWeeks,
  });
  const width = (input: InputName): number => NETWORK_INPUTS[input].shape(windows).at(-1)!;
  const inputs: NetworkInputs = {
    past: width('past'),
    planned: width('planned'),
    statics: width('statics'),
    categories: columns.categories.map((name) => encoders.categories.cardinality(name)),
  };
  return { windows, inputs };
}

function networkOf(
  engine: TensorEngine,
  { inputs }: Lessons,
  members: readonly Float32Array[],
  hyperparameters: DemandHyperparameters,
): FittedNetwork {
  return new FittedNetwork(engine, hyperparameters, inputs, members);
}

function partsOf(
  { columns, encoders, history, panels }: Knowledge,
  { windows: { shape } }: Lessons,
  network: FittedNetwork,
  spread: readonly number[],
  metrics: Readonly<Record<string, number>>,
): FittedParts {
  const series = seriesOf({ panels });
  return { columns, encoders, history, network, shape, spread, metrics: { ...metrics, series } };
}

function seriesOf({ panels }: Pick<Data, 'panels'>): number {
  return panels.reduce((sum, { series }) => sum + series.length, 0);
}

/** Weeks from the first one with demand to the cutoff. */
function weeksOf({ panels, cutoff }: Data): number {
  let first = cutoff;
  for (const { weeks, observed } of panels)
    for (let row = 0; row < weeks.length; row++)
      if (observed[row] === 1 && weeks[row]! < first) first = weeks[row]!;
  return weeksBetween(first, cutoff) + 1;
}
