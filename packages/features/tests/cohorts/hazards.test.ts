import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cumulativeIncidence,
  hazardStrength,
  observedHazards,
  returnTimeShares,
  shrinkHazards,
  type RiskSets,
} from '../../src/cohorts/hazards.ts';
import { SeededRandom } from '../support/random.ts';

const hazards = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
  .map((values) => Float64Array.from(values));

test('the shares are the steps of the cumulative incidence', () => {
  fc.assert(
    fc.property(hazards, (values) => {
      const back = cumulativeIncidence(values);
      const shares = returnTimeShares(values);
      let sum = 0;
      shares.forEach((share, lag) => {
        sum += share;
        expect(sum).toBeCloseTo(back[lag]! / back[back.length - 1]!, 9);
      });
      expect(sum).toBeCloseTo(1, 9);
    }),
  );
});

test('a worked example', () => {
  // Of 8 units 2 are back at once, of 6 left 3 after a week: 5 of 8 in all.
  const values = Float64Array.of(0.25, 0.5);
  expect([...cumulativeIncidence(values)]).toEqual([0.25, 0.625]);
  expect([...returnTimeShares(values)]).toEqual([0.4, 0.6]);
});

test('more returns than units at risk are all of them; nobody at risk is no hazard', () => {
  const sets = { width: 3, atRisk: Float64Array.of(4, 1, 0), events: Float64Array.of(1, 2, 0) };
  expect([...observedHazards(sets)]).toEqual([0.25, 1, 0]);
});

describe('the strength', () => {
  const parent = new Int32Array(600);

  test('comes near the truth where hazards vary (beta-binomial)', () => {
    const random = new SeededRandom(4);
    const strength = 30;
    const { sets, above } = draw(random, 600, (hazard) =>
      random.beta(strength * hazard, strength * (1 - hazard)),
    );
    const estimate = hazardStrength(sets, above, parent);
    expect(estimate).toBeGreaterThan(0.8 * strength);
    expect(estimate).toBeLessThan(1.25 * strength);
  });

  test('is large where nodes differ by chance alone, and shrinking then gives the hazards above', () => {
    const { sets, above } = draw(new SeededRandom(6), 600, (hazard) => hazard);
    const strength = hazardStrength(sets, above, parent);
    // Chance alone gives correlations of 0 ± 0.0014 here: √(2 / 1800) over the 24 units of a mean node.
    expect(1 / strength).toBeLessThan(3 * 0.0014);
    const shared = observedHazards(above);
    expect([...shrinkHazards(sets, shared, parent, Infinity).subarray(0, 3)]).toEqual([...shared]);
  });

  test('shrunk hazards are nearer the truth than observed and pooled ones', () => {
    const random = new SeededRandom(8);
    const { sets, above, truth } = draw(random, 600, (hazard) => random.beta(20 * hazard, 20 * (1 - hazard)));
    const shared = observedHazards(above);
    const shrunk = shrinkHazards(sets, shared, parent, hazardStrength(sets, above, parent));
    const error = (values: (cell: number) => number): number =>
      truth.reduce((sum, value, cell) => sum + (values(cell) - value) ** 2, 0);
    const observed = observedHazards(sets);
    expect(error((cell) => shrunk[cell]!)).toBeLessThan(0.9 * error((cell) => observed[cell]!));
    expect(error((cell) => shrunk[cell]!)).toBeLessThan(0.9 * error((cell) => shared[cell % 3]!));
  });
});

/** Nodes of 5 to 44 units under one parent, three lags. */
function draw(
  random: SeededRandom,
  nodes: number,
  vary: (hazard: number) => number,
): { sets: RiskSets; above: RiskSets; truth: Float64Array } {
  const width = 3;
  const atRisk = new Float64Array(nodes * width);
  const events = new Float64Array(nodes * width);
  const truth = new Float64Array(nodes * width);
  const above = { width, atRisk: new Float64Array(width), events: new Float64Array(width) };
  for (let node = 0; node < nodes; node++) {
    let units = 5 + random.below(40);
    for (let lag = 0; lag < width; lag++) {
      const cell = node * width + lag;
      truth[cell] = vary([0.2, 0.3, 0.1][lag]!);
      atRisk[cell] = units;
      events[cell] = random.binomial(units, truth[cell]!);
      above.atRisk[lag]! += units;
      above.events[lag]! += events[cell]!;
      units -= events[cell]!;
    }
  }
  return { sets: { width, atRisk, events }, above, truth };
}
