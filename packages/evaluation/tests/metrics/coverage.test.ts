import { expect, it } from 'vitest';
import { Coverage } from '../../src/metrics/coverage.ts';

const QUANTILES = [
  { column: 'low', share: 0.1 },
  { column: 'median', share: 0.5 },
  { column: 'high', share: 0.975 },
];

it('is the share of observations at or below each quantile', () => {
  const coverage = new Coverage(QUANTILES);
  const forecasts = [2, 5, 9];
  for (const actual of [0, 2, 3, 5, 6, 9, 10, 11]) coverage.add(actual, (i) => forecasts[i]!);
  expect(coverage.metrics()).toEqual({ coverage10: 2 / 8, coverage50: 4 / 8, 'coverage97.5': 6 / 8 });
});

it('is what quantiles say where they are those of the observations', () => {
  const coverage = new Coverage(QUANTILES);
  for (let i = 1; i <= 1000; i++) coverage.add(i, (k) => 1000 * QUANTILES[k]!.share);
  expect(coverage.metrics()).toEqual({ coverage10: 0.1, coverage50: 0.5, 'coverage97.5': 0.975 });
});

it('tells nothing of models without quantiles', () => {
  const coverage = new Coverage([]);
  coverage.add(1, () => NaN);
  expect(coverage.metrics()).toEqual({});
});
