import type { DiscountGrid } from '@hemline/core';
import { PRICING_DEFAULTS, type PricingLimits } from '@hemline/pricing';
import { openDataset } from '@hemline/runtime';
import type { MarketTruth } from '../market/market.ts';
import { planFirstWeek } from '../optimise/plan-first-week.ts';
import { mapSeries } from '../optimise/series-map.ts';
import { draftTable, finishTable, type TableDraft } from '../optimise/table-of-situation.ts';
import { isLimited, pricedSeries, unchanged } from './priced-series.ts';
import { explorationOf, exploringName, type Exploring } from './exploring.ts';
import { Seconds } from './seconds.ts';
import type { Policy } from './policy.ts';

/**
 * The ceiling: the optimiser with the true curves, spread, returns, costs and residual values. It knows what is expected, not what will
 * be drawn, and plans as every optimising policy does, so that what others miss of it is owed to what they do not know.
 * @param limits of the business
 * @param horizon weeks ahead, at most
 * @param exploring of its plans, which has nothing to learn: what that costs by the truth; null: not
 * @param seed of what is drawn by lot
 * @returns the policy
 */
export function oraclePolicy(
  limits: PricingLimits,
  horizon: number,
  exploring: Exploring | null = null,
  seed = 1,
): Policy {
  const name = exploringName('oracle', exploring);
  const seconds = new Seconds();
  // Nothing is owed to an error of the curves: every gain is one, and every level is known.
  const settings = { ...PRICING_DEFAULTS, levelRows: 0 };
  const explore = explorationOf(name, exploring, seed);
  return {
    name,
    seconds: seconds.by,
    async decide(situation) {
      const series = pricedSeries(situation, limits);
      if (series.length === 0) return unchanged(situation);
      const tables = isLimited(limits)
        ? (await seconds.of('data', async () => openDataset(await situation.observed()))).tables
        : null;
      const map = await mapSeries(situation, series, tables);
      const draft = draftTable(map, situation, horizon);
      const truth = await seconds.of('truth', () => situation.truth(horizon));
      fillTruth(draft, truth, situation.discounts);
      const built = await finishTable(draft, situation, tables, settings);
      addArrivals(built.table, draft, truth);
      return seconds.of('optimise', () =>
        planFirstWeek(built, map.seriesOf, situation, { limits, settings, minimumGain: 0, explore }, tables),
      );
    },
  };
}

function fillTruth(
  { map, weeks, cells, items }: TableDraft,
  truth: MarketTruth,
  discounts: DiscountGrid,
): void {
  const [T, L] = [weeks.length, discounts.length];
  const lags = truth.returnLag.length / truth.residual.length;
  map.seriesOf.forEach((n, place) => {
    cells.demand.set(truth.demand.subarray(n * T * L, (n + 1) * T * L), place * T * L);
    cells.dispersion.set(truth.dispersion.subarray(n * T, (n + 1) * T), place * T);
    items.returnRate.set(truth.returnRate.subarray(n * L, (n + 1) * L), place * L);
    for (let lag = 0; lag < lags; lag++)
      items.returnLag[place * items.lags + Math.min(lag, items.lags - 1)]! +=
        truth.returnLag[n * lags + lag]!;
    items.shippingCost[place] = truth.shippingCost[n]!;
    items.returnCost[place] = truth.returnCost[n]!;
    items.residual[place] = truth.residual[n]!;
  });
}

/** When articles are on sale, and what arrives until then. */
function addArrivals(
  table: {
    readonly arrivals: Float32Array;
    readonly begin: Int32Array;
    readonly end: Int32Array;
    readonly offsets: Int32Array;
  },
  { map, weeks }: TableDraft,
  truth: MarketTruth,
): void {
  const T = weeks.length;
  for (let a = 0; a + 1 < table.offsets.length; a++) {
    const places = map.seriesOf.subarray(table.offsets[a]!, table.offsets[a + 1]!);
    places.forEach((n, i) =>
      table.arrivals.set(truth.arrivals.subarray(n * T, (n + 1) * T), (table.offsets[a]! + i) * T),
    );
    const sold = places.filter((n) => truth.end[n]! > truth.begin[n]!);
    table.begin[a] = Math.min(T, ...sold.map((n) => truth.begin[n]!));
    table.end[a] = Math.max(0, ...sold.map((n) => truth.end[n]!));
  }
}
