import { expect, it } from 'vitest';
import { demandBetweenKnots, KNOTS, setKnots } from '../../src/demand-curves/knot-curve.ts';

// A constant elasticity of −2, and nothing but rounding below a discount of 30 %.
const logs = new Float32Array(2 * KNOTS.length);
setKnots((knot) => 10 * (1 - KNOTS[knot]!) ** -2, logs, 0);
setKnots((knot) => (KNOTS[knot]! < 0.3 ? 4 - 1e-12 * knot : 9), logs, 1);

it('is exact between the knots where the elasticity is constant, and never falls', () => {
  for (const discount of [0, 0.03, 0.37, 0.7, 0.85, 0.9])
    expect(demandBetweenKnots(logs, 0, discount)).toBeCloseTo(10 * (1 - discount) ** -2, 3);
  expect(demandBetweenKnots(logs, 0, 0.99)).toBe(demandBetweenKnots(logs, 0, 0.9));
  for (let discount = 0.001; discount < 1; discount += 0.001)
    for (const curve of [0, 1])
      expect(demandBetweenKnots(logs, curve, discount)).toBeGreaterThanOrEqual(
        demandBetweenKnots(logs, curve, discount - 0.001),
      );
});

it('takes a discount that rounding makes negative for none', () => {
  expect(demandBetweenKnots(logs, 1, -1e-17)).toBe(demandBetweenKnots(logs, 1, 0));
});

it('is finite where nothing at all is forecast', () => {
  const none = new Float32Array(KNOTS.length);
  setKnots(() => 0, none, 0);
  expect(demandBetweenKnots(none, 0, 0.5)).toBeGreaterThanOrEqual(0);
  expect(demandBetweenKnots(none, 0, 0.5)).toBeLessThan(1e-10);
});
