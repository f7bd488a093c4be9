import { expect, it } from 'vitest';
import { formatAccuracy, overSeeds } from '../../src/accuracy/accuracy-case.ts';

const run = (error: number, bias: number): Record<string, { error: number; bias: number }> => ({
  all: { error, bias },
});

it('averages seeds, and keeps the error of each', () => {
  expect(overSeeds([run(0.5, 0.25), run(0.75, -0.25)])).toEqual({
    scores: { all: { error: 0.625, bias: 0 } },
    seeds: { all: [0.5, 0.75] },
  });
  expect(overSeeds([run(0.5, 0.2)])).toEqual({ scores: { all: { error: 0.5, bias: 0.2 } } });
});

it('prints errors, biases and ratios', () => {
  const text = formatAccuracy({
    title: 'a market',
    forecasters: [
      { name: 'ours', scores: run(0.4, -0.051), seconds: 12 },
      { name: 'peer', scores: run(0.5, 0.1), seconds: 3 },
    ],
    skipped: [{ name: 'other', reason: 'not installed' }],
    reference: 'peer',
    verdicts: [{ requirement: 'at most the peer', value: 0.8, limit: 1, holds: true }],
  });
  expect(text.split('\n')).toEqual([
    'a market: error (bias), × peer',
    '                     ours           peer',
    'all   0.400 (-0.05) ×0.80  0.500 (+0.10)',
    'time                 12 s            3 s',
    'skipped other: not installed',
    'holds: at most the peer (0.800, limit 1)',
  ]);
});
