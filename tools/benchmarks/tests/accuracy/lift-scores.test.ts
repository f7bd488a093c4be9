import { describe, expect, it } from 'vitest';
import { LiftSums } from '../../src/accuracy/lift-scores.ts';

const LEVELS = Float64Array.of(0, 0.1, 0.7);
const ELASTICITIES = [1, 1.5, 2, 3];

/** Demand (1 − d)^−ε of each series, forecast with another ε. */
function lifts(forecast: (elasticity: number) => number, level0 = 2): LiftSums {
  const sums = new LiftSums(LEVELS);
  for (const elasticity of ELASTICITIES)
    for (const week of [1, 2])
      LEVELS.forEach((discount, level) => {
        const demand = (own: number): number => week * (1 - discount) ** -own;
        sums.add(`s${elasticity}`, level, level0 * demand(forecast(elasticity)), demand(elasticity));
      });
  return sums;
}

describe('the lift of a forecast', () => {
  it('has no bias where it is the true one, whatever the level of demand', () => {
    const { bias, correlation, series } = lifts((elasticity) => elasticity).scores()!;
    expect(bias).toBeCloseTo(0, 12);
    expect(correlation).toBeCloseTo(1, 12);
    expect(series).toBe(4);
  });

  it('is biased by half where elasticities are halved, and still tells series apart', () => {
    const { bias, correlation, levels } = lifts((elasticity) => elasticity / 2).scores()!;
    expect(bias).toBeCloseTo(-0.5, 12);
    expect(correlation).toBeCloseTo(1, 12);
    expect(levels[1]!.trueLift).toBeCloseTo((7.5 / 4) * -Math.log(0.3), 12);
  });

  it('does not correlate where it is the other way round, or the same for all', () => {
    expect(lifts((elasticity) => 4 - elasticity).scores()!.correlation).toBeCloseTo(-1, 12);
    const flat = lifts(() => 0).scores()!;
    expect(flat.bias).toBe(-1);
    expect(flat.correlation).toBeNaN();
  });

  it('leaves out series that are forecast to sell nothing, and says how many', () => {
    expect(lifts((elasticity) => elasticity, 0).scores()).toMatchObject({ series: 0, without: 4 });
  });

  it('is unknown on a grid without a level of no discount', () => {
    expect(new LiftSums(Float64Array.of(0.1, 0.7)).scores()).toBeNull();
  });
});
