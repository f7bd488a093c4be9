import { expect, it } from 'vitest';
import { pairedDifference } from '../../src/accuracy/paired-difference.ts';
import { windowScore } from './window-scores.ts';

const PEER = { contestant: 'peer', kind: 'peer' } as const;

it('is nothing, for sure, of a forecaster beside itself', () => {
  const own = ['2024-01-01', '2024-03-04'].map((cutoff) => windowScore([0.1, 0.4, 0.2], { cutoff }));
  expect(pairedDifference(own, own)).toMatchObject({
    ...{ difference: 0, ratio: 1, pairs: 2, overPairs: 0, overArticles: 0 },
  });
});

it('pairs windows and seeds; a single seed stands beside all of the other', () => {
  const ours = [1, 2, 3].map((seed) => windowScore([0.04 * seed, 0.04 * seed], { seed }));
  const found = pairedDifference(ours, [windowScore([0.16, 0.16], PEER)])!;
  const errors = [0.2, Math.sqrt(0.08), Math.sqrt(0.12)];
  const mean = errors.reduce((sum, each) => sum + each, 0) / 3;
  expect(found.pairs).toBe(3);
  expect(found.difference).toBeCloseTo(mean - 0.4, 12);
  expect(found.ratio).toBeCloseTo(mean / 0.4, 12);
  const spread = Math.sqrt(errors.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 2);
  expect(found.overPairs).toBeCloseTo(spread / Math.sqrt(3), 12);
});

it('tells by the jackknife how much hangs on single articles', () => {
  const [ours, peer] = [
    [0.1, 0.2, 0.9],
    [0.3, 0.3, 0.3],
  ];
  const { overArticles } = pairedDifference([windowScore(ours)], [windowScore(peer, PEER)])!;
  // By hand: the difference without each article.
  const difference = Math.sqrt(1.2 / 3) - Math.sqrt(0.9 / 3);
  const without = ours.map((own, i) => Math.sqrt((1.2 - own) / 2) - Math.sqrt((0.9 - peer[i]!) / 2));
  const squares = without.reduce((sum, each) => sum + (each - difference) ** 2, 0);
  expect(overArticles).toBeCloseTo(Math.sqrt((2 / 3) * squares), 12);
});

it('scatters by the standard error of a mean where each article has a demand of its own', () => {
  // Of equal denominators and small differences the jackknife is that of a mean of n: s / √n, times the slope of the root.
  const n = 400;
  const ours = Array.from({ length: n }, (_, i) => 1 + 0.01 * Math.sin(i * 1.7));
  const { overArticles } = pairedDifference(
    [windowScore(ours)],
    [
      windowScore(
        ours.map(() => 1),
        PEER,
      ),
    ],
  )!;
  const mean = ours.reduce((sum, each) => sum + each, 0) / n;
  const deviation = Math.sqrt(ours.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1));
  expect(overArticles! / (deviation / Math.sqrt(n) / 2)).toBeCloseTo(1, 2);
});

it('knows articles of different markets apart, and nothing of windows without the other', () => {
  const of = (data: string): object => ({ data });
  const ours = ['market 1', 'market 2'].map((data) => windowScore([0.1, 0.5], of(data)));
  const peer = ['market 1', 'market 2'].map((data) => windowScore([0.3, 0.3], { ...PEER, ...of(data) }));
  const two = pairedDifference(ours, peer)!;
  const one = pairedDifference(ours.slice(0, 1), peer)!;
  expect(one.pairs).toBe(1);
  expect(one.overPairs).toBeNull();
  // Each of four counts for half as much as one of two: √(3/4 · 4 · (1/2)²) of √(1/2 · 2).
  expect(two.overArticles! / one.overArticles!).toBeCloseTo(Math.sqrt(3 / 4), 6);
  expect(pairedDifference(ours, [windowScore([1, 1], { ...PEER, data: 'other' })])).toBeNull();
});

it('says nothing of the uncertainty over articles where there is one', () => {
  expect(pairedDifference([windowScore([0.1])], [windowScore([0.2], PEER)])!.overArticles).toBeNull();
});
