import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWeeks } from '@hemline/core';
import { classesOf, CONDITION_SIZES, STRATA, stratumOf } from '../../src/monitoring/row-conditions.ts';
import { standardisedRatios } from '../../src/monitoring/standardised-ratios.ts';
import { StrataPanel, type StrataSums } from '../../src/monitoring/strata-panel.ts';

const PARTS = 5;
/** Units of a cell that outweigh what factors are drawn toward. */
const UNITS = 1e7;

/** Every part has every class of two conditions, unequally; demand follows factors of these, and of the part. */
function crossed(
  ofPart: readonly number[],
  ofDiscount: readonly number[],
  ofAge: readonly number[],
): StrataSums {
  const lines = ofPart.flatMap((_, part) =>
    ofDiscount.flatMap((_, d) =>
      ofAge.map((_, a) => ({ part, d, a, forecast: UNITS * (1 + ((part + 2 * d + a) % 4)) })),
    ),
  );
  return {
    part: Int32Array.from(lines, ({ part }) => part),
    stratum: Int32Array.from(lines, ({ d, a }) =>
      stratumOf({ discount: 0.25 * d, knownDiscount: 0.25 * d, age: 4 * a, forecast: 9, knownDemand: 9 }),
    ),
    numerator: Float64Array.from(
      lines,
      ({ part, d, a, forecast }) => forecast * ofPart[part]! * ofDiscount[d]! * ofAge[a]!,
    ),
    denominator: Float64Array.from(lines, ({ forecast }) => forecast),
  };
}
const factor = fc.double({ min: 0.4, max: 2.5, noNaN: true });
const factors = (count: number) => fc.array(factor, { minLength: count, maxLength: count });

describe('standardised ratios', () => {
  it('take off whatever conditions do to all parts alike', () => {
    fc.assert(
      fc.property(factors(3), factors(4), (ofDiscount, ofAge) => {
        const ratios = standardisedRatios(crossed(Array<number>(PARTS).fill(1), ofDiscount, ofAge), PARTS);
        for (const ratio of ratios) expect(ratio).toBeCloseTo(0, 3);
      }),
    );
  });

  it('tell a fall of one part whole, though it is a part of all', () => {
    fc.assert(
      fc.property(
        factors(3),
        factors(4),
        fc.integer({ min: 0, max: PARTS - 1 }),
        factor,
        (ofDiscount, ofAge, at, change) => {
          const ofPart = Array.from({ length: PARTS }, (_, part) => (part === at ? change : 1));
          const ratios = standardisedRatios(crossed(ofPart, ofDiscount, ofAge), PARTS);
          expect(ratios[at]).toBeCloseTo(Math.log(change), 3);
        },
      ),
    );
  });

  it('are not numbers where nothing of the others was sold', () => {
    const sums = crossed([1], [1], [1]);
    expect([...standardisedRatios(sums, 1)]).toEqual([NaN]);
  });
});

describe('strata', () => {
  it('come apart again into the classes of their conditions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: STRATA - 1 }), (stratum) => {
        const classes = classesOf(Int32Array.of(stratum)).map(([own]) => own!);
        expect(classes.reduce((sum, own, at) => sum * CONDITION_SIZES[at]! + own, 0)).toBe(stratum);
      }),
    );
  });

  it('count what is not known as unchanged', () => {
    const known = { discount: 0.3, knownDiscount: 0.3, age: 3, forecast: 5, knownDemand: 5 };
    expect(stratumOf({ ...known, knownDiscount: NaN, knownDemand: NaN })).toBe(stratumOf(known));
    expect(stratumOf({ ...known, knownDiscount: 0 })).not.toBe(stratumOf(known));
    expect(stratumOf({ ...known, knownDemand: 1 })).not.toBe(stratumOf(known));
  });

  it('are summed over the weeks of a window, each by the notice of its first day', () => {
    const panel = new StrataPanel(2);
    for (let at = 0; at < 50; at++) panel.add(700, [1, 1], at % 40, at, 1, 10);
    panel.add(707, [2, 5], 3, 1, 7, 70);
    expect(panel.sums(addWeeks(700, 1), 2)).not.toBeNull();
    const { numerator, denominator } = panel.sums(addWeeks(700, 1), 2)!;
    expect(numerator.reduce((sum, each) => sum + each, 0)).toBe(57);
    expect(denominator.reduce((sum, each) => sum + each, 0)).toBe(570);
    expect(panel.sums(addWeeks(700, 1), 1)).toBeNull();
  });
});
