import { describe, expect, it } from 'vitest';
import { choiceCosts } from '../../src/decisions/choice-costs.ts';
import { PlanValuer } from '../../src/decisions/plan-valuer.ts';
import { SeriesFinder } from '../../src/decisions/series-finder.ts';
import { rows, smallMarket } from '../inputs/small-market.ts';

const SETTINGS = { variableCostShare: 0, certain: true };

/** Two articles × two markets × three weeks at 20 %; demand 10 · (1 + 2 · discount), list price 119, 36 units in stock at the start. */
function planned(): { valuer: PlanValuer; finder: SeriesFinder; weeks: Int32Array } {
  const { table } = smallMarket();
  const valuer = new PlanValuer(table, SETTINGS);
  for (let cell = 0; cell < 12; cell++) valuer.set(cell, 0.2);
  return { valuer, finder: new SeriesFinder(table), weeks: table.weeks };
}

describe('choiceCosts', () => {
  it('finds cells by their names', () => {
    const { finder, weeks } = planned();
    const keys = [
      { article: 'B', market: 'PL', week: weeks[2]! },
      { article: 'A', market: 'DE', week: weeks[0]! },
      { article: 'C', market: 'DE', week: weeks[0]! },
      { article: 'A', market: 'DE', week: weeks[0]! - 7 },
    ];
    expect([...finder.cells(rows(keys))]).toEqual([11, 0, -1, -1]);
  });

  it('is what the plan earns more, by hand', () => {
    const { valuer } = planned();
    const plan = valuer.value(0);
    const [cost] = choiceCosts(valuer, { cells: Int32Array.of(0), discounts: Float64Array.of(0) });
    valuer.set(0, 0);
    expect(cost).toBeCloseTo(plan - valuer.value(0), 9);
    expect(valuer.valued(0).sales).toBeCloseTo(10, 9);
    expect(valuer.valued(0).margin).toBeCloseTo(119, 9);
  });

  it('adds up over the choices of an article, and leaves the plan as it was', () => {
    const { valuer } = planned();
    const plan = valuer.value(0);
    const cells = Int32Array.of(4, 0, 7, 1);
    const discounts = Float64Array.of(0.4, 0.13, 0.4, 0);
    const costs = choiceCosts(valuer, { cells, discounts });
    expect(valuer.value(0)).toBe(plan);
    cells.forEach((cell, i) => valuer.set(cell, discounts[i]!));
    expect(costs[0]! + costs[1]! + costs[3]!).toBeCloseTo(plan - valuer.value(0), 9);
  });

  it('costs nothing to choose the plan, and knows nothing of a week without one', () => {
    const { valuer } = planned();
    valuer.set(2, NaN);
    const costs = choiceCosts(valuer, { cells: Int32Array.of(0, 2), discounts: Float64Array.of(0.2, 0.4) });
    expect([...costs]).toEqual([0, NaN]);
  });

  it('takes the level of demand from the sales where they are known', () => {
    const { valuer } = planned();
    const given = { cells: Int32Array.of(0), discounts: Float64Array.of(0) };
    const asForecast = choiceCosts(valuer, { ...given, units: Float64Array.of(10) });
    expect(asForecast[0]).toBeCloseTo(choiceCosts(valuer, given)[0]!, 9);
    // Nobody came: no discount would have sold anything.
    expect(choiceCosts(valuer, { ...given, units: Float64Array.of(0) })[0]).toBeCloseTo(0, 9);
    // Half of those came: 7 would have bought at 95.2, and the stock lasts for all weeks either way.
    const half = choiceCosts(valuer, { ...given, units: Float64Array.of(5) });
    expect(half[0]).toBeCloseTo(7 * 95.2 - 5 * 119, 9);
  });
});
