import { roundDiscount } from '@hemline/core';
import { choiceCosts } from './choice-costs.ts';
import type { PlanValuer } from './plan-valuer.ts';

/** Prices of one pricing that have passed. */
export interface PassedPrices {
  /** Cells of the valuer. */
  readonly cells: Int32Array;
  readonly units: Float64Array;
  /** In the shop, and what holding the price of the day would have been; NaN: not known. */
  readonly actual: Float64Array;
  readonly held: Float64Array;
  /** 1 where a person has fixed the price. */
  readonly isManual: Uint8Array;
}

/** What prices have come to. Profit is of the units sold: less tax, shipping and returns; without what is left. */
export interface JudgedPrices {
  /** Units sold · profit of one at the price in the shop. */
  readonly earned: Float64Array;
  /** What the forecast said that the price in the shop would earn. */
  readonly asForecast: Float64Array;
  /** What the proposal, and holding, would have earned: the forecast's response to the price, at the level of demand that the sales tell. */
  readonly asProposed: Float64Array;
  readonly asHeld: Float64Array;
  /** What overrides earn less than the proposals by the sales, stock and later weeks included; NaN of others. */
  readonly overrideCost: Float64Array;
}

/**
 * Judges prices by what was sold. How many units another price would have sold nobody saw: that is the forecast's word, scaled to what it
 * said of the price that was in the shop. Each is judged by itself, the others as proposed. A week in which stock bound the sales tells of less demand than there was.
 * @param valuer with the plan that was proposed; keeps it
 * @param passed prices and sales
 * @returns what they have come to; NaN where the forecast does not tell
 */
export function judgePrices(valuer: PlanValuer, passed: PassedPrices): JudgedPrices {
  const { cells, units, actual, held, isManual } = passed;
  const nothing = (): Float64Array => new Float64Array(cells.length).fill(NaN);
  const judged = { earned: nothing(), asForecast: nothing(), asProposed: nothing(), asHeld: nothing() };
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    const article = valuer.articleOf(cell);
    const plan = valuer.discountAt(cell);
    if (Number.isNaN(plan) || !valuer.isPriced(article)) continue;
    const at = (discount: number): { sales: number; margin: number } => {
      valuer.set(cell, discount);
      valuer.value(article);
      return valuer.valued(cell);
    };
    const shop = at(actual[i]!);
    judged.earned[i] = units[i]! * shop.margin;
    judged.asForecast[i] = shop.sales * shop.margin;
    const isSame = roundDiscount(actual[i]!) === plan;
    const scale = units[i]! / shop.sales;
    const worth = (discount: number): number => {
      const { sales, margin } = at(discount);
      return scale * sales * margin;
    };
    if (isSame || Number.isFinite(scale)) {
      judged.asProposed[i] = isSame ? judged.earned[i]! : worth(plan);
      if (!Number.isNaN(held[i]!) && Number.isFinite(scale)) judged.asHeld[i] = worth(held[i]!);
    }
    valuer.set(cell, plan);
  }
  return { ...judged, overrideCost: costsOf(valuer, passed, isManual) };
}

function costsOf(
  valuer: PlanValuer,
  { cells, units, actual }: PassedPrices,
  isManual: Uint8Array,
): Float64Array {
  const own = Uint32Array.from(cells.keys()).filter((i) => isManual[i] === 1);
  const costs = choiceCosts(valuer, {
    cells: Int32Array.from(own, (i) => cells[i]!),
    discounts: Float64Array.from(own, (i) => actual[i]!),
    units: Float64Array.from(own, (i) => units[i]!),
  });
  const all = new Float64Array(cells.length).fill(NaN);
  own.forEach((i, k) => (all[i] = costs[k]!));
  return all;
}
