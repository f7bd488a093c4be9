import { expectedResidual } from '../money/residual-value.ts';
import { RETURN_LAGS } from '../returns.ts';
import type { Cohort } from '../series/cohort.ts';
import type { World } from '../world.ts';
import { accountOf, emptyAmounts, toCents, type Account, type Amounts } from './account.ts';
import type { Shop } from './shop.ts';

/**
 * Sells on after the last week that is played, as the market's planner does, and waits until nothing can come back any more. What is
 * left of an article at its season's end, or at the end of the run-out, and what comes back later, is worth what lots bring in
 * expectation from then on.
 * @param world the market; its history ends with the last week that was played
 * @param cohort all series
 * @param shop after that week
 * @returns money of all that; the shop is at the end of it
 */
export function runOut(world: World, cohort: Cohort, shop: Shop): Account {
  const { series } = cohort;
  const amounts = emptyAmounts(series.length);
  const valued = new Float64Array(series.length);
  const end = world.weeks + world.planWeeks + RETURN_LAGS;
  while (shop.week < end) {
    const { week } = shop;
    shop.open();
    series.forEach(({ record, parameters, leftovers }, n) => {
      const after = week - record.launch - record.last;
      if (after < 1 || record.launch >= world.weeks) return;
      // What is there from the season's end on, has come before the first lot, as all of that week has.
      const share = expectedResidual(parameters.residual, after);
      amounts.residual[n]! += toCents((leftovers - valued[n]!) * parameters.blackPrice * share);
      valued[n] = leftovers;
    });
    add(amounts, shop.sell(shop.plannerLevel.slice()).account.bySeries);
  }
  return accountOf(amounts);
}

function add(amounts: Amounts<Float64Array>, more: Amounts<Float64Array>): void {
  for (const name of Object.keys(amounts) as (keyof Amounts<number>)[])
    more[name].forEach((cents, n) => (amounts[name][n]! += cents));
}
