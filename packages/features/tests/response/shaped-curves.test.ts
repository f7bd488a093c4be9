import { addWeeks, Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandBetweenKnots, KNOTS, setLogKnots } from '../../src/demand-curves/knot-curve.ts';
import { keyedEffects, PriceResponse, type ResponseEvidence } from '../../src/response/price-response.ts';
import { RESPONSE_SLOPES } from '../../src/response/response-basis.ts';
import { ShapedCurves } from '../../src/response/shaped-curves.ts';
import { KeyIndex } from '@hemline/core';

const WEEK = parseWeek('2026-01-05');
const WEEKS = Int32Array.of(WEEK, addWeeks(WEEK, 1));
const ITEMS = new Batch({
  article: stringsToColumn(['a', 'b']),
  market: stringsToColumn(['DE', 'DE']),
  group: stringsToColumn(['shirt', 'coat']),
});

function responseOf(slope: number, evidence: Partial<ResponseEvidence> = {}): PriceResponse {
  const groups = new KeyIndex(['group']);
  groups.add(new Batch({ group: stringsToColumn(['shirt', 'coat']) }));
  return new PriceResponse(
    new Float64Array(RESPONSE_SLOPES).fill(slope),
    [keyedEffects(groups, Float64Array.of(0, 0.5))],
    { resolved: 1, liftError: 0, weeks: 1, experimentWeeks: 0, usualDepth: -Math.log(0.8), ...evidence },
  );
}

function planOf(discounts: readonly (number | null)[]): Batch {
  return new Batch({
    article: stringsToColumn(discounts.map(() => 'b')),
    market: stringsToColumn(discounts.map(() => 'DE')),
    week: dateColumn(Int32Array.from(discounts, (_, i) => addWeeks(WEEK, i))),
    discount: float64Column(Float64Array.from(discounts, (discount) => discount ?? NaN)),
  });
}

/** Units of a curve that was shaped, at any discount. */
function shaped(
  curves: ShapedCurves,
  own: (discount: number) => number,
  [item, week]: readonly [number, number],
): (discount: number) => number {
  const logs = KNOTS.map((discount) => Math.log(own(discount)));
  curves.shape(logs, item, week);
  const written = new Float32Array(KNOTS.length);
  setLogKnots((knot) => logs[knot]!, written, 0);
  return (discount) => demandBetweenKnots(written, 0, discount);
}

const own = (discount: number): number => 10 * (1 - discount) ** -3;

describe('a curve', () => {
  it('stays where it is at the planned discount and takes its course from the response', () => {
    const curves = new ShapedCurves(responseOf(1), { items: ITEMS, weeks: WEEKS, plan: planOf([0.3, 0.5]) });
    for (const [week, planned] of [0.3, 0.5].entries()) {
      const at = shaped(curves, own, [1, week]);
      expect(at(planned)).toBeCloseTo(own(planned), 3);
      // A tilt of 1.5: elasticity 1.5 whatever the curve said.
      expect(at(0.6) / at(0)).toBeCloseTo(0.4 ** -1.5, 3);
    }
  });

  it('stays at the usual discount where none is planned', () => {
    for (const plan of [null, planOf([null])]) {
      const at = shaped(new ShapedCurves(responseOf(1), { items: ITEMS, weeks: WEEKS, plan }), own, [0, 0]);
      expect(at(0.2)).toBeCloseTo(own(0.2), 3);
      expect(at(0.6) / at(0)).toBeCloseTo(1 / 0.4, 3);
    }
  });

  it('keeps its own course as far as the response is not settled', () => {
    const request = { items: ITEMS, weeks: WEEKS, plan: null };
    const none = shaped(new ShapedCurves(responseOf(1, { resolved: 0 }), request), own, [0, 0]);
    const half = shaped(new ShapedCurves(responseOf(1, { resolved: 0.5 }), request), own, [0, 0]);
    expect(none(0.6)).toBeCloseTo(own(0.6), 2);
    expect(half(0.6) / half(0)).toBeCloseTo(0.4 ** -2, 3);
  });

  it('never falls, whatever it was and wherever it is planned', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 3, noNaN: true }), {
          minLength: KNOTS.length,
          maxLength: KNOTS.length,
        }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (steps, planned, slope, resolved) => {
          const logs = Float64Array.from(steps);
          for (let knot = 1; knot < logs.length; knot++) logs[knot]! += logs[knot - 1]!;
          const before = Float32Array.from(logs);
          const curves = new ShapedCurves(responseOf(slope, { resolved }), {
            ...{ items: ITEMS, weeks: WEEKS, plan: planOf([planned]) },
          });
          curves.shape(logs, 1, 0);
          const after = new Float32Array(KNOTS.length);
          setLogKnots((knot) => logs[knot]!, after, 0);
          for (let knot = 1; knot < logs.length; knot++)
            expect(logs[knot]!).toBeGreaterThanOrEqual(logs[knot - 1]! - 1e-12);
          const [was, is] = [before, after].map((curve) => demandBetweenKnots(curve, 0, planned)) as [
            number,
            number,
          ];
          expect(Math.abs(Math.log(is / was))).toBeLessThan(1e-4);
        },
      ),
    );
  });
});
