import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWeeks, Batch, stringsToColumn } from '@hemline/core';
import { expm1, log1p } from '../../src/scalers/log1p.ts';
import { fillWeeks } from '../../src/panel/filled-panel.ts';
import { SeriesScaler, SeriesScaling } from '../../src/scalers/series-scaler.ts';
import { StandardScaler, StandardScaling } from '../../src/scalers/standard-scaler.ts';
import { TestArtifact } from '../support/artifact.ts';
import { FIRST_WEEK, randomPanel } from '../support/panels.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

describe('log1p', () => {
  it('has an inverse, keeps what is missing, and refuses what has no logarithm', () => {
    expect([...expm1(log1p(Float64Array.of(0, 3, 1e9, NaN)))]).toEqual([
      0,
      expect.closeTo(3),
      expect.closeTo(1e9, -3),
      NaN,
    ]);
    expect(() => log1p(Float64Array.of(2, -1))).toThrow(/row 1/);
  });
});

describe('the standard scaler', () => {
  const fit = (...parts: number[][]): StandardScaler => {
    const scaling = new StandardScaling(['x']);
    for (const part of parts) scaling.add(new Map([['x', Float64Array.from(part)]]));
    return scaling.fit();
  };

  it("is scikit-learn's: StandardScaler().fit([[1], [2], [4], [9]]) gives mean 4 and scale 3.082207001484488", () => {
    const scaled = fit([1, 2, NaN], [4, 9]).transform('x', Float64Array.of(1, 4, NaN));
    expect(scaled[0]).toBeCloseTo((1 - 4) / 3.082207001484488, 14);
    expect([...scaled.subarray(1)]).toEqual([0, NaN]);
  });

  it('has an inverse, does not depend on batches, and is the same after saving', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, fc.nat(), async (values, at) => {
        const whole = fit(values);
        const middle = at % values.length;
        const parts = fit(values.slice(middle), values.slice(0, middle));
        const scaled = whole.transform('x', Float64Array.from(values));
        const back = whole.inverse('x', scaled);
        parts
          .transform('x', Float64Array.from(values))
          .forEach((value, i) => expect(value).toBeCloseTo(scaled[i]!, 6));
        back.forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(1e-8));
        const artifact = new TestArtifact();
        await whole.save(artifact, 'scale');
        expect(
          (await StandardScaler.load(artifact, 'scale')).transform('x', Float64Array.from(values)),
        ).toEqual(scaled);
      }),
      { numRuns: 50 },
    );
  });

  it('centres what never varies, and refuses what has no value', () => {
    expect([...fit([0.1, 0.1, 0.1]).transform('x', Float64Array.of(0.1, 1.1))]).toEqual([
      expect.closeTo(0),
      expect.closeTo(1),
    ]);
    expect(() => fit([NaN])).toThrow(/cannot be standardised.*no value/s);
    expect(() => fit([1, Infinity])).toThrow(/not finite/);
    expect(() => fit([1, 2]).transform('y', Float64Array.of(1))).toThrow(/one of x/);
  });
});

describe('the series scaler', () => {
  const cutoff = addWeeks(FIRST_WEEK, 20);
  const panel = fillWeeks(randomPanel(3, { series: 30, weeks: 30, missing: 0.2 }));
  const fit = (values: Float64Array): SeriesScaler => {
    const scaling = new SeriesScaling();
    scaling.add(panel, values, cutoff);
    return scaling.fit();
  };
  const demand = panel.rows.floats('demand');
  const scaler = fit(demand);
  const scales = scaler.scaleOf(panel.series);

  it('gives every series a finite scale above zero, and one that never was seen that of its group', () => {
    expect(scales.every((scale) => scale > 0 && Number.isFinite(scale))).toBe(true);
    const of = (article: string, group: string): number =>
      scaler.scaleOf(
        new Batch({
          article: stringsToColumn([article]),
          group: stringsToColumn([group]),
          market: stringsToColumn(['DE']),
        }),
      )[0]!;
    expect(of('new', 'shirt')).toBe(of('newer', 'shirt'));
    expect(of('new', 'of no known group')).toBeGreaterThan(0);
    const nothing = fit(demand.map((value) => (Number.isNaN(value) ? NaN : 0)));
    expect(new Set(nothing.scaleOf(panel.series))).toEqual(new Set([0.05]));
  });

  it('follows what a series sells: ten times the demand of one, a much larger scale of it', () => {
    const s = panel.offsets.findIndex((from, i) => (panel.offsets[i + 1] ?? 0) - from >= 20);
    const more = demand.map((value, row) =>
      row >= panel.offsets[s]! && row < panel.offsets[s + 1]! ? 10 * value : value,
    );
    expect(fit(more).scaleOf(panel.series)[s]! / scales[s]!).toBeGreaterThan(3);
    // One week of a thousand times as much is no new level.
    const outlier = demand.slice();
    outlier[panel.offsets[s]! + 10] = 5000;
    expect(fit(outlier).scaleOf(panel.series)[s]! / scales[s]!).toBeLessThan(3);
  });

  it('reads nothing after the cutoff', () => {
    for (const garbage of [NaN, 1e9]) {
      const poisoned = demand.map((value, row) => (panel.weeks[row]! > cutoff ? garbage : value));
      // Weeks without a value leave room for older ones: only those before the cutoff count.
      expect(fit(poisoned).scaleOf(panel.series)).toEqual(scales);
    }
  });

  it('has an inverse, and is the same after saving', async () => {
    const scaled = scaler.transform(demand, panel.offsets, scales);
    scaler.inverse(scaled, panel.offsets, scales).forEach((value, row) => {
      if (Number.isNaN(demand[row]!)) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(demand[row]!, 9);
    });
    const artifact = new TestArtifact();
    await scaler.save(artifact, 'scale');
    expect((await SeriesScaler.load(artifact, 'scale')).scaleOf(panel.series)).toEqual(scales);
  });
});
