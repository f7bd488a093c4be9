import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logGamma } from '@hemline/core/special-functions';
import { RatePosterior, type WeekEvidence } from '../../src/censoring/rate-posterior.ts';

const week = (
  sold: number,
  share: number,
  censored: readonly (readonly [number, number])[],
): WeekEvidence => ({
  sold,
  share,
  censored: censored.length,
  censoredShares: Float64Array.from(censored, ([size]) => size),
  censoredSold: Float64Array.from(censored, ([, units]) => units),
});

/** log P(X ≥ count) of a Poisson count, and the mean of the counts in that tail, added up one by one. */
function tailOf(count: number, mean: number): { probability: number; mean: number } {
  let [probability, sum] = [0, 0];
  for (let k = count; k < count + 40 + 12 * mean; k++) {
    const term = Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
    probability += term;
    sum += k * term;
  }
  return { probability, mean: sum / probability };
}

/** The same integrals over a fine grid. */
function byGrid(mean: number, variance: number, seen: WeekEvidence): readonly number[] {
  let [mass, first, second, demand] = [0, 0, 0, 0];
  const deviation = Math.sqrt(variance);
  const step = 0.01 * deviation;
  for (let log = mean - 8 * deviation; log <= mean + 8 * deviation; log += step) {
    const rate = Math.exp(log);
    let weight = Math.exp(
      (-0.5 * (log - mean) ** 2) / variance + seen.sold * log - rate * seen.share + logGamma(1),
    );
    let hidden = 0;
    for (let i = 0; i < seen.censored; i++) {
      const tail = tailOf(seen.censoredSold[i]!, rate * seen.censoredShares[i]!);
      if (!(tail.probability > 0)) {
        weight = 0;
        break;
      }
      weight *= tail.probability;
      hidden += tail.mean;
    }
    mass += weight;
    first += weight * log;
    second += weight * log * log;
    demand += weight === 0 ? 0 : weight * hidden;
  }
  const center = first / mass;
  const evidence = Math.log((mass * step) / Math.sqrt(2 * Math.PI * variance));
  return [center, second / mass - center * center, demand / mass, evidence];
}

describe('the posterior of a rate', () => {
  it('equals integration over a fine grid', () => {
    const cases: readonly [number, number, WeekEvidence][] = [
      [1, 0.3, week(5, 1, [])],
      [1, 0.3, week(0, 1, [])],
      [1, 0.5, week(4, 0.7, [[0.3, 3]])],
      [2, 0.2, week(9, 0.5, [[0.2, 6], [0.3, 0]])], // prettier-ignore
      [0, 1, week(0, 0, [[1, 4]])],
      [1.5, 0.8, week(1, 0.2, [[0.5, 12], [0.3, 1]])], // prettier-ignore
    ];
    const posterior = new RatePosterior();
    for (const [mean, variance, seen] of cases) {
      posterior.update(mean, variance, seen);
      const [center, spread, demand, evidence] = byGrid(mean, variance, seen);
      expect(posterior.mean).toBeCloseTo(center!, 3);
      expect(posterior.variance / spread!).toBeCloseTo(1, 2);
      expect(posterior.logEvidence).toBeCloseTo(evidence!, 3);
      if (seen.censored > 0) expect(posterior.censoredDemand / demand!).toBeCloseTo(1, 3);
    }
  });

  it('is the prior where nothing was seen', () => {
    const posterior = new RatePosterior();
    posterior.update(1.2, 0.4, week(0, 0, [[1, 0]]));
    expect(posterior.mean).toBeCloseTo(1.2, 10);
    expect(posterior.variance).toBeCloseTo(0.4, 10);
    expect(posterior.logEvidence).toBeCloseTo(0, 10);
    expect(posterior.censoredDemand).toBeCloseTo(Math.exp(1.2 + 0.2), 6);
  });

  it('goes with the data where there is much of it', () => {
    const posterior = new RatePosterior();
    posterior.update(2, 1, week(60_000, 0.6, [[0.4, 100]]));
    expect(posterior.censoredDemand / 40_000).toBeCloseTo(1, 2);
  });

  it('never expects less than was sold, and more where more was sold', () => {
    const posterior = new RatePosterior();
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 8, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.nat(500),
        fc.array(fc.tuple(fc.double({ min: 0.001, max: 0.5, noNaN: true }), fc.nat(300)), {
          minLength: 1,
          maxLength: 7,
        }),
        (mean, variance, sold, censored) => {
          posterior.update(mean, variance, week(sold, 0.4, censored));
          const least = censored.reduce((sum, [, units]) => sum + units, 0);
          const { censoredDemand } = posterior;
          expect(censoredDemand).toBeGreaterThanOrEqual(least - 1e-6 * (1 + least));
          expect(posterior.variance).toBeLessThanOrEqual(variance * (1 + 1e-6));
          const [[share, units], ...rest] = censored as [[number, number], ...[number, number][]];
          posterior.update(mean, variance, week(sold, 0.4, [[share, units + 1], ...rest]));
          expect(posterior.censoredDemand).toBeGreaterThanOrEqual(censoredDemand * (1 - 1e-3));
        },
      ),
      { numRuns: 300 },
    );
  });
});
