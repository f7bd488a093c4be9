import { expect, it } from 'vitest';
import { calibrate, type CurveFactor } from '../../src/response/experiment-calibration.ts';
import { liftAt } from '../../src/response/response-basis.ts';
import type { ResponseCurve } from '../../src/response/response-curve.ts';
import type { ResponseRows } from '../../src/response/response-rows.ts';
import { SeededRandom } from '../support/random.ts';

const SLOPES = new Float64Array(5).fill(2);
const [MEAN, SPREAD] = [6, 0.2];
const DISCOUNTS = [0, 0.1, 0.2, 0.3];
/** Variance of the factor by all weeks. */
const VARIANCE = 0.03 ** 2;

interface Weeks {
  readonly rows: ResponseRows;
  readonly curve: ResponseCurve;
}

/** Weeks of two experiments in which the discounts take turns, and as many of none; the units of each are given. */
function weeksOf(
  count: number,
  unitsOf: (mean: number, lift: number, week: number) => number,
  propensity = 1 / DISCOUNTS.length,
): Weeks {
  const length = 2 * count;
  const discount = Float64Array.from({ length }, (_, i) => DISCOUNTS[(i >> 1) % DISCOUNTS.length]!);
  const lift = discount.map((one) => liftAt(SLOPES, one));
  const means = lift.map((one) => MEAN * Math.exp(one));
  const none = new Float64Array(length).fill(NaN);
  return {
    rows: {
      ...{ offsets: Uint32Array.of(0, length), weeks: Int32Array.from({ length }, (_, i) => 7 * i) },
      ...{ demand: means.map((mean, i) => unitsOf(mean, lift[i]!, i)), discount },
      ...{ blackPrice: none, stock: none, planned: new Map(), launch: none, seasonEnd: none },
      propensity: none.map((_, i) => (i < count ? propensity : NaN)),
      experiment: Array.from({ length }, (_, i) => (i < count ? `drawn ${i % 2}` : null)),
    },
    curve: {
      ...{ slopes: SLOPES, covariance: new Float64Array(25), dispersion: 1 },
      rows: Uint32Array.from({ length }, (_, i) => i),
      ...{ pull: new Float64Array(length), rest: new Float64Array(length), means },
      weights: means.map((mean) => mean / (1 + SPREAD * mean)),
    },
  };
}

/** Units with the variance that the curve supposes, of a market whose lifts are `factor` times the curve's. */
function noisy(seed: number, factor: number): (mean: number, lift: number) => number {
  const random = new SeededRandom(seed);
  return (mean, lift) => {
    const expected = mean * Math.exp((factor - 1) * lift);
    return Math.max(0, expected + Math.sqrt(expected + SPREAD * expected ** 2) * random.normal());
  };
}

it('without experiments all weeks are believed', () => {
  const { rows, curve } = weeksOf(40, (mean) => mean, NaN);
  expect(calibrate(rows, curve, 1.3, VARIANCE)).toEqual({ factor: 1.3, variance: VARIANCE, weeks: 0 });
});

it.each([1, 2, 3])('many weeks of experiments decide, whatever all weeks say (seed %i)', (seed) => {
  const { rows, curve } = weeksOf(4000, noisy(seed, 1.5));
  for (const believed of [0.8, 1, 1.4]) {
    const { factor, variance, weeks } = calibrate(rows, curve, believed, VARIANCE);
    expect(weeks).toBe(4000);
    // Also where it was believed to lie seven deviations away.
    expect(Math.abs(factor - 1.5)).toBeLessThan(0.15);
    expect(Math.sqrt(variance)).toBeLessThan(0.04);
  }
});

it('a few weeks move it by little, however much they sold at the deepest discount', () => {
  const { rows, curve } = weeksOf(8, (mean, lift) => (lift > 0.7 ? 8 : 1) * mean);
  const { factor, variance } = calibrate(rows, curve, 1, VARIANCE);
  expect(factor).toBeGreaterThan(1);
  expect(factor).toBeLessThan(1.2);
  // No surer than by what is believed of the bias of all weeks.
  expect(Math.sqrt(variance)).toBeGreaterThan(0.08);
});

it('how much all weeks of an experiment sold says nothing', () => {
  const { rows, curve } = weeksOf(400, noisy(4, 1.2));
  const tripled = { ...rows, demand: rows.demand.map((units) => 3 * units) };
  const [before, after] = [rows, tripled].map((one) => calibrate(one, curve, 1, VARIANCE)) as [
    CurveFactor,
    CurveFactor,
  ];
  // Where residuals are as supposed, what is scaled is scaled in both.
  expect(Math.abs(after.factor - before.factor)).toBeLessThan(0.02);
});
