import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DataError, InterruptedError, parseWeek, addWeeks } from '@hemline/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runExperiment } from '../src/run-experiment.ts';
import { UnitJournal, type UnitScores } from '../src/units/unit-journal.ts';
import { unitsOf, type ExperimentPlan, type Unit } from '../src/plan.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-units-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LEVELS = { champion: 0.5, good: 0.4, alike: 0.501, hopeless: 0.9 };
const first = parseWeek('2023-01-02');

function planOf(changes: Partial<ExperimentPlan> = {}): ExperimentPlan {
  return {
    name: 'levels',
    quantity: 'demand',
    metric: 'error',
    variants: Object.entries(LEVELS).map(([name, level]) => ({
      name,
      model: 'level',
      hyperparameters: { level },
    })),
    champion: 'champion',
    cutoffs: Array.from({ length: 6 }, (_, i) => addWeeks(first, 4 * i)),
    horizon: 4,
    seeds: [1, 2],
    confidence: 0.95,
    stopping: null,
    data: 'data',
    code: 'code',
    ...changes,
  };
}

/** The level, what the cutoff is harder by for all, and a little of each fit's own, without chance. */
function scoresOf({ hyperparameters, cutoff, seed }: Unit): UnitScores {
  const level = hyperparameters['level'] as number;
  const own = Math.sin(level * 1000 + cutoff * 7 + seed) / 100;
  return { rows: 10, metrics: { error: level + Math.cos(cutoff) / 4 + own, bias: own }, seconds: 0 };
}

function counting(work: (unit: Unit) => Promise<UnitScores> | UnitScores = scoresOf): {
  work: (unit: Unit) => Promise<UnitScores>;
  keys: string[];
} {
  const keys: string[] = [];
  return {
    keys,
    work: async (unit) => {
      keys.push(unit.key);
      return work(unit);
    },
  };
}

const journal = (): UnitJournal => new UnitJournal(folder);

test('variants are ranked by the mean over cutoffs of the mean over seeds, and told from noise', async () => {
  const plan = planOf();
  const { work, keys } = counting();
  const { ranking, computed, reused } = await runExperiment(plan, { journal: journal(), work, parallel: 3 });
  expect([computed, reused, new Set(keys).size]).toEqual([48, 0, 48]);
  expect(ranking.variants.map(({ name, rank, isChampion }) => [name, rank, isChampion])).toMatchObject([
    ['good', 1, false],
    [expect.stringMatching(/champion|alike/), 2, expect.any(Boolean)],
    [expect.stringMatching(/champion|alike/), 3, expect.any(Boolean)],
    ['hopeless', 4, false],
  ]);
  const verdicts = Object.fromEntries(ranking.variants.map((each) => [each.name, each.comparison?.verdict]));
  expect(verdicts).toEqual({ champion: undefined, good: 'better', alike: 'undecided', hopeless: 'worse' });
  const units = unitsOf(plan).filter(({ variant }) => variant === 'good');
  const mean = units.reduce((sum, unit) => sum + scoresOf(unit).metrics['error']!, 0) / units.length;
  expect(ranking.variants[0]!.mean!['error']).toBeCloseTo(mean, 12);
  expect(ranking.comparisons).toBe(3);
});

test('interrupted, it goes on with what is left, and comes to the same ranking in whatever order fits end', async () => {
  const plan = planOf();
  const undisturbed = await runExperiment(plan, {
    journal: new UnitJournal(join(folder, 'other')),
    work: counting().work,
    parallel: 1,
  });
  const controller = new AbortController();
  const before = counting(async (unit) => {
    await setTimeout(Math.abs(Math.sin(unit.cutoff + unit.seed)) * 5);
    if (before.keys.length >= 20) controller.abort(new Error('SIGINT'));
    return scoresOf(unit);
  });
  const { signal } = controller;
  const interrupted = runExperiment(plan, { journal: journal(), work: before.work, parallel: 4, signal });
  await expect(interrupted).rejects.toThrow(InterruptedError);
  const kept = (await journal().finished(unitsOf(plan))).size;
  expect(kept).toBe(before.keys.length);
  const after = counting();
  const { ranking, computed, reused } = await runExperiment(plan, {
    journal: journal(),
    work: after.work,
    parallel: 2,
  });
  expect([reused, computed]).toEqual([kept, 48 - kept]);
  expect(after.keys.filter((key) => before.keys.includes(key))).toEqual([]);
  expect(ranking).toEqual(undisturbed.ranking);
});

test('what decides a fit is in its key: other data, code or seeds are fitted anew, more variants are added', async () => {
  await runExperiment(planOf(), { journal: journal(), work: scoresOf as never, parallel: 1 });
  const run = async (changes: Partial<ExperimentPlan>): Promise<number[]> => {
    const { computed, reused } = await runExperiment(planOf(changes), {
      journal: journal(),
      work: counting().work,
      parallel: 2,
    });
    return [computed, reused];
  };
  expect(await run({})).toEqual([0, 48]);
  expect(await run({ data: 'other' })).toEqual([48, 0]);
  expect(await run({ code: 'other' })).toEqual([48, 0]);
  expect(await run({ horizon: 5 })).toEqual([48, 0]);
  expect(await run({ seeds: [1, 2, 3] })).toEqual([24, 48]);
  const variants = [...planOf().variants, { name: 'new', model: 'level', hyperparameters: { level: 0.7 } }];
  expect(await run({ variants })).toEqual([12, 48]);
});

test('hopeless variants are stopped between cutoffs, told as stopped, and never ranked; the champion goes on', async () => {
  const stopping = { confidence: 0.95, afterCutoffs: 3 };
  const { work, keys } = counting();
  const told: string[] = [];
  const { ranking } = await runExperiment(planOf({ stopping }), {
    ...{ journal: journal(), work, parallel: 2 },
    listener: { variantDropped: async (variant, { status }) => void told.push(`${variant} ${status}`) },
  });
  expect(told).toContain('hopeless stopped');
  expect(told).not.toContain('champion stopped');
  const hopeless = ranking.variants.find(({ name }) => name === 'hopeless')!;
  expect(hopeless).toMatchObject({ status: 'stopped', rank: null, cutoffs: 3, comparison: { pairs: 3 } });
  expect(hopeless.reason).toMatch(/^after 3 of 6 cutoffs error was 0\.\d+ above that of good/);
  expect(ranking.variants.find(({ isChampion }) => isChampion)).toMatchObject({
    status: 'finished',
    cutoffs: 6,
  });
  expect(keys.length).toBeLessThan(48);
  // Decided by the scores alone: another start stops the same and fits nothing.
  const again = await runExperiment(planOf({ stopping }), {
    journal: journal(),
    work: counting().work,
    parallel: 3,
  });
  expect([again.computed, again.ranking]).toEqual([0, ranking]);
});

test('a variant whose fit fails is told as failed, and tried again by the next start', async () => {
  const failing = counting((unit) => {
    if (unit.variant === 'good' && unit.cutoff > first) throw new DataError('nothing was observed');
    return scoresOf(unit);
  });
  const { ranking } = await runExperiment(planOf(), { journal: journal(), work: failing.work, parallel: 2 });
  const good = ranking.variants.at(-1)!;
  expect(good).toMatchObject({ name: 'good', status: 'failed', rank: null, comparison: null });
  expect(good.reason).toMatch(/^at 2023-01-30 #\d: nothing was observed/);
  expect(ranking.variants.map(({ rank }) => rank)).toEqual([1, 2, 3, null]);
  const again = await runExperiment(planOf(), { journal: journal(), work: counting().work, parallel: 2 });
  expect(again.ranking.variants[0]).toMatchObject({ name: 'good', status: 'finished', rank: 1 });
});

test('a metric that is not a number is a failure, one that is not measured an error', async () => {
  const work = counting((unit) => ({
    ...scoresOf(unit),
    metrics: { error: unit.variant === 'good' ? NaN : 1 },
  })).work;
  const { ranking } = await runExperiment(planOf(), { journal: journal(), work, parallel: 1 });
  expect(ranking.variants.at(-1)).toMatchObject({ name: 'good', status: 'failed', reason: /NaN/ as never });
  await expect(
    runExperiment(planOf({ metric: 'wrong' }), { journal: journal(), work, parallel: 1 }),
  ).rejects.toThrow(/not measured; expected one of error, found wrong/);
});
