import { describe, expect, it } from 'vitest';
import { judgePrices, type PassedPrices } from '../../src/decisions/judge-prices.ts';
import { PlanValuer } from '../../src/decisions/plan-valuer.ts';
import { smallMarket } from '../inputs/small-market.ts';

/** Two articles × two markets × three weeks at 20 %, forecast of 14 units each; 10 would be sold at the list price 119, 18 at 40 %. */
function judged(passed: Partial<PassedPrices>) {
  const valuer = new PlanValuer(smallMarket().table, { variableCostShare: 0, certain: true });
  for (let cell = 0; cell < 12; cell++) valuer.set(cell, 0.2);
  const one = { cells: Int32Array.of(0), units: Float64Array.of(14), actual: Float64Array.of(0.2) };
  const given = { ...one, held: Float64Array.of(0.4), isManual: Uint8Array.of(0), ...passed };
  const result = judgePrices(valuer, given);
  return { valuer, ...result };
}

describe('judgePrices', () => {
  it('is what was sold at its price, and the rest by the response of the forecast at that level', () => {
    const { earned, asProposed, asHeld, overrideCost } = judged({ units: Float64Array.of(7) });
    expect(earned[0]).toBeCloseTo(7 * 95.2, 9);
    expect(asProposed[0]).toBe(earned[0]);
    // Half of what was forecast was sold: of 18 that would be sold at 40 %, 9.
    expect(asHeld[0]).toBeCloseTo(9 * 71.4, 9);
    expect(overrideCost[0]).toBeNaN();
  });

  it('holds what was earned against what the forecast said of the price in the shop, not of the proposal', () => {
    const { asForecast } = judged({ units: Float64Array.of(5), actual: Float64Array.of(0) });
    expect(asForecast[0]).toBeCloseTo(10 * 119, 9);
  });

  it('judges another price than the proposal by what it would have sold', () => {
    const { earned, asProposed } = judged({ units: Float64Array.of(5), actual: Float64Array.of(0) });
    expect(earned[0]).toBeCloseTo(5 * 119, 9);
    expect(asProposed[0]).toBeCloseTo(7 * 95.2, 9);
  });

  it('tells what overrides cost by the sales, and keeps the plan', () => {
    const passed = { units: Float64Array.of(5), actual: Float64Array.of(0), isManual: Uint8Array.of(1) };
    const { overrideCost, valuer } = judged(passed);
    expect(overrideCost[0]).toBeCloseTo(7 * 95.2 - 5 * 119, 9);
    for (let cell = 0; cell < 12; cell++) expect(valuer.discountAt(cell)).toBe(0.2);
  });

  it('knows nothing of a price that could not be held, nor of a week without a plan', () => {
    expect(judged({ held: Float64Array.of(NaN) }).asHeld[0]).toBeNaN();
    const valuer = new PlanValuer(smallMarket().table, { variableCostShare: 0, certain: true });
    const passed = { cells: Int32Array.of(3), units: Float64Array.of(1), actual: Float64Array.of(0) };
    const { earned } = judgePrices(valuer, {
      ...passed,
      held: Float64Array.of(0),
      isManual: Uint8Array.of(0),
    });
    expect(earned[0]).toBeNaN();
  });
});
