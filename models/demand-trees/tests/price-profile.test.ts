import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, CommonShape, PriceProfile, PROFILE_BINS } from '../src/price-profile.ts';

const flat = new Float64Array(PROFILE_BINS).fill(1);
const drops = Array.from({ length: 80 }, (_, i) => -0.7 + 0.05 * i);

describe('demand at each price', () => {
  it('never falls as the price falls, whatever was sold', () => {
    const weeks = fc.array(
      fc.tuple(
        fc.double({ min: -1, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(weeks, (all) => {
        const profile = new PriceProfile();
        for (const [drop, units, weight] of all) profile.add(binOf(drop), units, weight);
        profile.fit(flat, 5, 1.5);
        const demand = drops.map((drop) => profile.at(drop));
        expect(demand.every((units) => Number.isFinite(units) && units >= 0)).toBe(true);
        for (let i = 1; i < demand.length; i++)
          expect(demand[i]!).toBeGreaterThanOrEqual(demand[i - 1]! - 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('is what was sold at that price where that is often seen, and the common shape elsewhere', () => {
    const profile = new PriceProfile();
    for (let week = 0; week < 200; week++) {
      profile.add(binOf(0), 10, 1);
      profile.add(binOf(0.7), 40, 1);
    }
    profile.fit(flat, 10, 1.5);
    // Neighbouring prices, and the common shape, have a small part in it.
    expect(Math.abs(profile.at(0) / 10 - 1)).toBeLessThan(0.05);
    expect(Math.abs(profile.at(0.7) / 40 - 1)).toBeLessThan(0.05);
    // Nothing is known: the shape is the series' own level.
    profile.clear();
    profile.fit(
      flat.map((_, bin) => 1 + bin),
      3,
      1.5,
    );
    expect(profile.at(-0.6)).toBeCloseTo(3, 10);
    expect(profile.at(-0.6 + 0.08 * 4)).toBeCloseTo(15, 10);
  });

  it('finds the shape that demand has in common, and 1 at the usual price', () => {
    const shape = new CommonShape();
    for (let i = 0; i < 20_000; i++) {
      const drop = -0.2 + 0.0001 * (i % 12_000);
      shape.add(drop, Math.exp(2.5 * drop));
    }
    const found = shape.fit();
    // By bin, at its centre, against the bin of the usual price. Smoothing flattens the ends of what was seen.
    const [usual, centre] = [found[binOf(0)]!, (drop: number) => -0.6 + 0.08 * binOf(drop)];
    expect(Math.abs(usual - 1)).toBeLessThan(0.15);
    for (const drop of [0.2, 0.4, 0.6, 0.8])
      expect(Math.log(found[binOf(drop)]! / usual) / (centre(drop) - centre(0))).toBeCloseTo(2.5, 0.4);
  });
});
