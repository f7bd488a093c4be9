import { describe, expect, it } from 'vitest';
import { studentQuantile } from '@hemline/core/special-functions';
import { detectableChange } from '../../src/monitoring/detectable.ts';

const level = { falseAlarms: 0.005, leastChange: 0.1 };

describe('the change that is found in half of the cases', () => {
  it('is the quantile of a test of one window, in its errors', () => {
    for (const [error, degrees, family] of [
      [0.1, 10, 1],
      [0.05, 30, 20],
    ] as const) {
      const { fall, rise } = detectableChange([{ weeks: 4, error, degrees }], 'log', level, family)!;
      const critical = error * studentQuantile(1 - level.falseAlarms / family / 2, degrees);
      // Half of the noises are on either side of 0: that of the draws is within a tenth of a deviation.
      expect(Math.abs(-Math.log1p(-fall) - critical)).toBeLessThan(0.12 * error);
      expect(Math.log1p(rise)).toBeCloseTo(-Math.log1p(-fall), 2);
    }
  });

  it('is at least what matters, however sure the test', () => {
    const sure = [{ weeks: 4, error: 1e-6, degrees: 50 }];
    expect(detectableChange(sure, 'log', level, 1)!.fall).toBeCloseTo(0.1, 3);
    expect(detectableChange(sure, 'log', level, 1)!.rise).toBeCloseTo(0.1, 3);
    expect(detectableChange(sure, 'plain', level, 1)).toEqual({
      fall: expect.closeTo(0.1, 3) as number,
      rise: expect.closeTo(0.1, 3) as number,
      weeks: 4,
    });
  });

  it('grows with error, with the tests of the family, and as degrees of freedom get fewer', () => {
    const fall = (error: number, degrees: number, family: number): number =>
      detectableChange([{ weeks: 2, error, degrees }], 'log', level, family)!.fall;
    const few = fall(0.1, 10, 5);
    expect([fall(0.2, 10, 5), fall(0.1, 10, 50), fall(0.1, 3, 5)].every((other) => other > few)).toBe(true);
  });

  it('is a fall to nothing where a short past lets no test find anything', () => {
    const { fall, rise } = detectableChange([{ weeks: 4, error: 0.3, degrees: 1 }], 'log', level, 20)!;
    expect(fall).toBeGreaterThan(0.9999);
    expect(rise).toBeGreaterThan(1000);
  });

  it('is not known where nothing is judged', () => {
    expect(detectableChange([], 'log', level, 1)).toBeNull();
    expect(detectableChange([{ weeks: 2, error: NaN, degrees: NaN }], 'log', level, 1)).toBeNull();
  });
});
