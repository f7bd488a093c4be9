import type { DiscountGrid } from '@hemline/core';
import { PRICING_DEFAULTS, type PricingLimits } from '@hemline/pricing';
import { openDataset } from '@hemline/runtime';
import type { MarketTruth } from '../market/market.ts';
import { planFirstWeek } from '../optimise/plan-first-week.ts';
import { mapSeries } from '../optimise/series-map.ts';
import { draftTable, finishTable, type TableDraft } from '../optimise/table-of-situation.ts';
import { isLimited, pricedSeries, unchanged } from './priced-series.ts';
import { Seconds } from './seconds.ts';
import type { Policy } from './policy.ts';

/**
 * The ceiling: the optimiser with the true curves, spread, returns, costs and residual values. It knows what is expected, not what will
 * be drawn, and plans as every optimising policy does, so that what others miss of it is owed to what they do not know.
 * @param limits of the business
 * @param horizon weeks ahead, at most
 * @returns the policy
 */
export function oraclePolicy(limits: PricingLimits, horizon: number): Policy {
  const seconds = new Seconds();
  // Nothing is owed to an error of the curves: every gain is one, and every level is known.
  const settings = { ...PRICING_DEFAULTS, levelRows: 0 };
  return {
    name: 'oracle',
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
        planFirstWeek(built, map.seriesOf, situation, { limits, settings, minimumGain: 0 }),
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
  const lags = truth.returnLag.length / truth.dispersion.length;
  map.seriesOf.forEach((n, place) => {
    cells.demand.set(truth.demand.subarray(n * T * L, (n + 1) * T * L), place * T * L);
    cells.dispersion.fill(truth.dispersion[n]!, place * T, (place + 1) * T);
    items.returnRate.set(truth.returnRate.subarray(n * L, (n + 1) * L), place * L);
    for (let lag = 0; lag < lags; lag++)
      items.returnLag[place * items.lags + Math.min(lag, items.lags - 1)]! +=
        truth.returnLag[n * lags + lag]!;
    items.shippingCost[place] = truth.shippingCost[n]!;
    items.returnCost[place] = truth.returnCost[n]!;
    items.residual[place] = truth.residual[n]!;
  });
}

/** Begin and end of an article are where something is demanded of it; arrivals are those that are on their way. */
function addArrivals(
  table: {
    readonly arrivals: Float32Array;
    readonly begin: Int32Array;
    readonly end: Int32Array;
    readonly offsets: Int32Array;
    readonly discounts: DiscountGrid;
  },
  { map, weeks }: TableDraft,
  truth: MarketTruth,
): void {
  const [T, L] = [weeks.length, table.discounts.length];
  for (let a = 0; a + 1 < table.offsets.length; a++) {
    let [begin, end] = [T, 0];
    for (let place = table.offsets[a]!; place < table.offsets[a + 1]!; place++) {
      const n = map.seriesOf[place]!;
      table.arrivals.set(truth.arrivals.subarray(n * T, (n + 1) * T), place * T);
      for (let t = 0; t < T; t++) {
        if (!(truth.demand[(n * T + t) * L + L - 1]! > 0)) continue;
        begin = Math.min(begin, t);
        end = Math.max(end, t + 1);
      }
    }
    table.begin[a] = Math.min(begin, end);
    table.end[a] = end;
  }
}
