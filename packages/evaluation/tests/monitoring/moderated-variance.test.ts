import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { combineP } from '../../src/monitoring/p-values.ts';
import { fitVariancePrior, moderateVariances } from '../../src/monitoring/moderated-variance.ts';
import { PooledRegression } from '../../src/monitoring/pooled-regression.ts';

interface Golden {
  readonly cases: readonly {
    readonly variances: readonly number[];
    readonly degrees: readonly number[];
    readonly priorDegrees: number | null;
    readonly priorVariance: number;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('golden/variance-prior.json', import.meta.url), 'utf8'),
) as Golden;

describe('variances', () => {
  it('have the prior that scipy finds by the same moments', () => {
    for (const { variances, degrees, priorDegrees, priorVariance } of cases) {
      const prior = fitVariancePrior(variances.map((variance, i) => ({ variance, degrees: degrees[i]! })));
      expect(prior.variance / priorVariance).toBeCloseTo(1, 8);
      if (priorDegrees === null) expect(prior.degrees).toBe(Infinity);
      else expect(prior.degrees / priorDegrees).toBeCloseTo(1, 8);
    }
  });

  it('are drawn toward what is expected of them, the more the less is known of them', () => {
    const estimates = [1, 2, 1.2, 0.7, 8].map((variance) => ({ variance, degrees: 10 }));
    const alike = moderateVariances([...estimates, { variance: NaN, degrees: 0 }], [1, 1, 1, 1, 1, 1], 20);
    expect(alike[4]!.variance).toBeLessThan(8);
    expect(alike[3]!.variance).toBeGreaterThan(0.7);
    expect(alike[5]!.degrees).toBeCloseTo(alike[0]!.degrees - 10, 10);
    // In proportion: twice the expectations of all, twice the prior of none.
    const scaled = moderateVariances(
      estimates.map(({ variance, degrees }, i) => ({ variance: variance * (i + 1), degrees })),
      [1, 2, 3, 4, 5],
      20,
    );
    scaled.forEach(({ variance }, i) => expect(variance / (i + 1)).toBeCloseTo(alike[i]!.variance, 10));
  });

  it('stay as they are where there are too few, and NaN where nothing is known', () => {
    expect(
      moderateVariances(
        [
          { variance: 4, degrees: 2 },
          { variance: NaN, degrees: 0 },
        ],
        [1, 1],
        20,
      ),
    ).toEqual([
      { variance: 4, degrees: 2 },
      { variance: NaN, degrees: 0 },
    ]);
  });
});

describe('p-values of one segment', () => {
  it('that agree stay, and a single small one counts by its share', () => {
    expect(combineP([0.003, 0.003, 0.003])).toBeCloseTo(0.003, 12);
    expect(combineP([1e-6, 0.5]) / 2e-6).toBeCloseTo(1, 5);
    expect(combineP([0, 0.5])).toBeLessThan(1e-14);
    expect(combineP([1, 1])).toBeCloseTo(1, 12);
  });
});

describe('the pooled regression', () => {
  it('is its prior without data, and the truth with enough of it', () => {
    const regression = new PooledRegression([0, 1].map((mean) => ({ mean, deviation: 0.35 })));
    expect(regression.solve()).toEqual([0, 1]);
    for (let i = 0; i < 4000; i++) {
      const features = [Math.sin(i), Math.cos(1.7 * i)];
      regression.add(features, 0.6 * features[0]! - 0.2 * features[1]! + 0.01 * Math.sin(12.3 * i));
    }
    const [a, b] = regression.solve();
    expect(a).toBeCloseTo(0.6, 2);
    expect(b).toBeCloseTo(-0.2, 1);
  });

  it('agrees with the normal equations solved by hand', () => {
    const regression = new PooledRegression([{ mean: 0, deviation: 0.35 }]);
    regression.add([2], 3);
    // (2·2 + pull) x = 2·3, the pull being the mean square 9 over the prior's variance.
    expect(regression.solve()[0]).toBeCloseTo(6 / (4 + 9 / 0.35 ** 2), 12);
  });
});
