import type { Tables } from '@hemline/core';
import {
  COORDINATION_DEFAULTS,
  explorePlans,
  priceArticles,
  type BuiltTable,
  type DrawnWeek,
  type ExplorePlansSettings,
  type PricedArticles,
  type PricingLimits,
  type PricingSettings,
} from '@hemline/pricing';
import type { Decision, Draws, Situation } from '../policies/policy.ts';
import { limitsOfWeek } from './limits-of-week.ts';

/** By which rules prices are optimised. */
export interface OptimiseRules {
  readonly limits: PricingLimits;
  readonly settings: PricingSettings;
  /** Fraction of what holding earns that a change of an article has to earn more. */
  readonly minimumGain: number;
  /** How the first week is explored; null: it is set as planned. */
  readonly explore: ExplorePlansSettings | null;
}

/**
 * Plans all weeks of a table, and takes the first of them as the decision. Articles that cannot be priced, and series without a row,
 * keep the level they have (the list price where they have none), which is told.
 * @param built the table, with the articles that cannot be priced
 * @param seriesOf number in the market of each series of the table
 * @param situation of the market
 * @param rules limits and settings
 * @param tables of the dataset; null where nothing is limited
 * @returns the decision
 * @throws ConfigurationError for limits that contradict the data
 */
export async function planFirstWeek(
  built: BuiltTable,
  seriesOf: Int32Array,
  situation: Situation,
  rules: OptimiseRules,
  tables: Tables | null,
): Promise<Decision> {
  const { table, bad, assumptions } = built;
  const { settings, minimumGain, explore } = rules;
  const limits = tables === null ? rules.limits : await limitsOfWeek(rules.limits, table, situation, tables);
  const best = await priceArticles(table, {
    ...{ limits, settings, minimumGain, ...COORDINATION_DEFAULTS, bad, leaveOutBad: true },
    signal: situation.signal,
  });
  const explored = explore === null ? null : explorePlans(best, explore);
  const priced = explored ?? best;
  const T = table.weeks.length;
  const level = situation.level.map((last) => Math.max(0, last));
  const planned = new Float64Array(level.length * T).fill(NaN);
  const isDecided = new Uint8Array(level.length);
  for (let a = 0; a < table.articles.length; a++)
    if (priced.portfolio.filler.isPriced(a))
      takePlan(a, priced, seriesOf, situation, { level, planned, isDecided });
  const kept = situation.onSale.filter((onSale, n) => onSale === 1 && isDecided[n] === 0).length;
  return {
    ...{ level, planned, notices: [...assumptions, ...noticesOf(priced, kept)] },
    ...(explored === null ? {} : { draws: drawsOf(explored.drawn, seriesOf, level.length) }),
  };
}

/** From the series of the table to those of the market. */
function drawsOf({ propensity, experiment, totals }: DrawnWeek, seriesOf: Int32Array, count: number): Draws {
  const { articles, series, moved, cost } = totals;
  const draws = {
    propensity: new Float64Array(count).fill(NaN),
    experiment: new Array<string | null>(count).fill(null),
  };
  seriesOf.forEach((n, place) => {
    draws.propensity[n] = propensity[place]!;
    draws.experiment[n] = experiment[place]!;
  });
  return { ...draws, articles, series, moved, cost };
}

interface Decided {
  readonly level: Int8Array;
  readonly planned: Float64Array;
  readonly isDecided: Uint8Array;
}

function takePlan(
  a: number,
  { found, portfolio, table }: PricedArticles,
  seriesOf: Int32Array,
  { discounts }: Situation,
  { level, planned, isDecided }: Decided,
): void {
  const { planOffsets } = portfolio;
  const own = found.levels.subarray(planOffsets[a]!, planOffsets[a + 1]!);
  const { problem, plan } = portfolio.outcome(a, own);
  const { markets: M, weeks: W, levelCount: L } = problem;
  const T = table.weeks.length;
  for (let m = 0; m < M; m++) {
    const n = seriesOf[table.offsets[a]! + m]!;
    if (table.begin[a] === 0) {
      level[n] = nearest(discounts, problem.levels[own[m * W]!]!);
      isDecided[n] = 1;
    }
    // After its last week an article earns nothing more.
    planned.fill(0, n * T, (n + 1) * T);
    for (let t = 0; t < W; t++) {
      const at = m * W + t;
      planned[n * T + t] = plan.sales[at]! * problem.margin[at * L + own[at]!]!;
    }
  }
}

/** A level of the market: what is in the shop lies on its grid. */
function nearest(discounts: Float64Array, discount: number): number {
  let best = 0;
  discounts.forEach((each, l) => {
    if (Math.abs(each - discount) < Math.abs(discounts[best]! - discount)) best = l;
  });
  return best;
}

function noticesOf({ found, leftOut }: PricedArticles, kept: number): string[] {
  const notices: string[] = [];
  if (leftOut.length > 0) {
    const [{ article, reason }] = leftOut as [(typeof leftOut)[number]];
    notices.push(`${leftOut.length} articles cannot be priced, such as ${article}: ${reason}`);
  }
  if (kept > 0) notices.push(`${kept} series on sale keep their level: there is no plan for them`);
  if (!found.choice.isFeasible)
    notices.push('no plans keep all limits of the business: the nearest are taken');
  return notices;
}
