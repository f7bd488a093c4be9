import type { Ranking, VariantStanding } from '@hemline/experiments';
import { expect, test } from 'vitest';
import { rankingNotes, rankingText, type RankingContext } from '../src/experiments/ranking-text.ts';

function standing(name: string, changes: Partial<VariantStanding>): VariantStanding {
  return {
    ...{ name, model: 'demand-naive', hyperparameters: {}, isChampion: false, reason: null },
    ...{ status: 'finished', rank: 1, cutoffs: 6, comparison: null },
    ...{
      mean: { wape: 0.4, bias: -0.1 },
      spread: { wape: 0.02, bias: 0.1 },
      seedSpread: { wape: 0, bias: 0 },
    },
    ...changes,
  };
}

const compared = (
  difference: number,
  interval: [number, number],
  verdict: 'better' | 'undecided',
): Pick<VariantStanding, 'comparison'> => ({ comparison: { pairs: 6, difference, interval, verdict } });

const ranking: Ranking = {
  ...{ experiment: 'windows', metric: 'wape', champion: 'now', confidence: 0.9, comparisons: 4 },
  variants: [
    standing('best', compared(-0.03, [-0.05, -0.01], 'better')),
    standing('alike', { rank: 2, ...compared(-0.01, [-0.05, 0.03], 'undecided') }),
    standing('now', { rank: 3, isChampion: true }),
    standing('twin', { rank: 4, ...compared(0, [0, 0], 'undecided') }),
    standing('slow', { rank: null, status: 'stopped', reason: 'after 3 of 6 cutoffs', cutoffs: 3 }),
    standing('broken', { rank: null, status: 'failed', reason: 'at 2023-01-02 #1: no rows', mean: null }),
  ],
};

const context: RankingContext = {
  ...{ championSource: 'approved version 3', seeds: [1], horizon: 8, weeksApart: 8 },
  cutoffs: ['2022-01-03', '2022-02-28', '2022-04-25', '2022-06-20', '2022-08-15'],
};

test('every variant has a verdict; what has no rank has a reason', () => {
  const lines = rankingText(ranking, []).split('\n');
  const row = (name: string): string => lines.find((line) => line.startsWith('│') && line.includes(name))!;
  expect(row('best')).toMatch(/│ +1 │.*-0\.0500 … -0\.0100 │ better/);
  expect(row('alike')).toMatch(/within noise/);
  expect(row('now')).toMatch(/– +│ champion/);
  expect(row('twin')).toMatch(/the same/);
  expect(row('slow')).toMatch(/│ + │.* 3 │.*│ stopped/);
  expect(row('broken')).toMatch(/│ + │.*│ failed/);
  expect(lines).toContain('slow stopped after 3 of 6 cutoffs');
  expect(lines).toContain('broken failed at 2023-01-02 #1: no rows');
});

test('what weakens the intervals is said, and only that', () => {
  const whole = rankingNotes(ranking, context);
  expect(whole).toHaveLength(1);
  expect(whole[0]).toMatch(/approved version 3.*with 90 % confidence \(Bonferroni, 4 comparisons\)/);
  const notes = (changes: Partial<RankingContext>): string =>
    rankingNotes(ranking, { ...context, ...changes }).join();
  expect(notes({ weeksApart: 4 })).toMatch(/4 weeks apart and windows 8 weeks long: they overlap/);
  expect(notes({ cutoffs: context.cutoffs.slice(0, 2) })).toMatch(/2 cutoffs are few.*1 degree of freedom/);
  expect(notes({ cutoffs: context.cutoffs.slice(0, 1), weeksApart: null })).toMatch(
    /One cutoff says nothing/,
  );
});
