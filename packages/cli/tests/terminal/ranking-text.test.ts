import type { Ranking, VariantStanding } from '@hemline/experiments';
import { expect, test } from 'vitest';
import { rankingText } from '../../src/terminal/ranking-text.ts';

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
