import { expect, test } from 'vitest';
import type { Ranking } from '../src/rank-variants.ts';
import { rankingNotes, type RankingContext } from '../src/ranking-notes.ts';

const ranking: Ranking = {
  ...{ experiment: 'windows', metric: 'wape', champion: 'now', confidence: 0.9, comparisons: 4 },
  variants: [],
};

const context: RankingContext = {
  ...{ championSource: 'approved version 3', seeds: [1], horizon: 8, weeksApart: 8 },
  cutoffs: ['2022-01-03', '2022-02-28', '2022-04-25', '2022-06-20', '2022-08-15'],
};

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
