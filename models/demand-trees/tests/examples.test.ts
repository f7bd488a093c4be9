import { addWeeks, type Tables } from '@hemline/core';
import { syntheticTables } from '@hemline/evaluation/testing';
import { expect, it } from 'vitest';
import { columnsOf } from '../src/dataset-columns.ts';
import { heldOutExamples, trainingExamples, type Examples } from '../src/examples.ts';
import { featuresOf } from '../src/features.ts';
import { demandTreesHyperparameters } from '../src/hyperparameters.ts';
import { Past } from '../src/past.ts';
import { stageOf, type Stage } from '../src/stage.ts';

const tables = syntheticTables();
const cutoff = addWeeks(tables.lastWeek, -12);
const hyperparameters = demandTreesHyperparameters.parse({ examples: 2000, horizon: 8 });

async function stageAt(from: Tables): Promise<{ past: Past; stage: Stage }> {
  const job = { cutoff: tables.lastWeek, seed: 1 };
  const past = await Past.read(job, from, columnsOf(from), 1e6);
  const { panels } = await past.asOf(cutoff);
  return { past, stage: stageOf(panels, past.columns, cutoff, hyperparameters) };
}

const { past, stage } = await stageAt(tables.asOf(tables.lastWeek));
const names = featuresOf(stage.columns).map(({ name }) => name);
const column = ({ columns }: Examples, name: string): Float32Array => columns[names.indexOf(name)]!;

it('has a name for every column, each once, and tells the trees which rise with the discount', () => {
  const { columns } = trainingExamples(stage, 1, hyperparameters);
  expect(columns).toHaveLength(names.length);
  expect(new Set(names).size).toBe(names.length);
  const rising = featuresOf(stage.columns).filter(({ rises }) => rises === true);
  expect(rising.map(({ name }) => name)).toContain('demandAtPrice');
  expect(featuresOf(stage.columns).findLastIndex(({ rises }) => rises === true)).toBe(rising.length - 1);
});

it('chooses about as many as asked for, the same with the same seed, others with another', () => {
  const first = trainingExamples(stage, 1, hyperparameters);
  expect(Math.abs(first.demand.length / 2000 - 1)).toBeLessThan(0.15);
  expect(trainingExamples(stage, 1, hyperparameters)).toEqual(first);
  expect(trainingExamples(stage, 2, hyperparameters).demand).not.toEqual(first.demand);
  expect(Math.max(...first.weeksAhead)).toBeLessThanOrEqual(8);
  const near = first.weeksAhead.filter((weeks) => weeks <= 2).length / first.weeksAhead.length;
  expect(near).toBeGreaterThan(0.3);
});

it('hides the history of some, whose level is that of their group, and the plan of others', () => {
  const all = trainingExamples(stage, 1, { ...hyperparameters, coldShare: 0.5, hiddenPlans: 0.5 });
  const support = column(all, 'support');
  const cold = [...support.keys()].filter((row) => support[row] === 0);
  expect(cold.length / support.length).toBeGreaterThan(0.4);
  for (const name of ['demand0', 'mean26', 'fading6', 'expanding', 'dropFromLast'])
    expect(cold.every((row) => Number.isNaN(column(all, name)[row]!))).toBe(true);
  const others = column(all, 'othersDepth').filter((value) => Number.isNaN(value)).length;
  expect(others / support.length).toBeGreaterThan(0.4);
});

it('sees the weeks held out from the cutoff of the stage, with what they brought', () => {
  const held = heldOutExamples(stage, past.panels, addWeeks(cutoff, 8), 1e6);
  expect(held.demand.length).toBeGreaterThan(100);
  expect(new Set(held.weeksAhead)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
  // Half of the series, about, where only so many examples are wanted.
  const half = heldOutExamples(stage, past.panels, addWeeks(cutoff, 8), held.demand.length / 2);
  expect(Math.abs(half.demand.length / held.demand.length - 0.5)).toBeLessThan(0.25);
});

it('learns nothing from what came after the cutoff of the stage', async () => {
  const early = await stageAt(tables.asOf(addWeeks(cutoff, 1)));
  const [known, more] = [early.stage, stage].map((one) => trainingExamples(one, 1, hyperparameters)) as [
    Examples,
    Examples,
  ];
  expect(known.demand).toEqual(more.demand);
  expect(known.level).toEqual(more.level);
  expect(known.start).toEqual(more.start);
});
