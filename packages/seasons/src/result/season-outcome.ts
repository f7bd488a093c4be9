import { DataError } from '@hemline/core';
import type { Money } from '../market/market.ts';
import type { SeasonRecord } from '../season/season-record.ts';
import { toldNotices, type ToldNotice } from './told-notices.ts';

/** What a plan expected, and what came of it: the same weeks and series, and units counted when they are sold. */
export interface PlannedAndRealised {
  /** Profit of the units that it expected to sell; currency units. */
  readonly planned: number;
  /** Profit of the units that were sold, returns and costs at what is truly expected of them; currency units. */
  readonly realised: number;
  /** planned / realised − 1: what the plan promised too much; null where nothing was realised. */
  readonly optimism: number | null;
}

/** What a policy drew by lot in a season, by its own forecasts. */
export interface DrawnInSeason {
  /** Articles and series, each counted in every week in which it was drawn; series that got another level than the planned one. */
  readonly articles: number;
  readonly series: number;
  readonly moved: number;
  /** Profit that it expected to lose by that; currency units. */
  readonly expectedCost: number;
}

/** What a policy came to in a market. Money in currency units, net of tax; costs are positive. */
export interface SeasonOutcome {
  readonly policy: string;
  readonly seed: number;
  readonly weeks: number;
  /** sales − shipping − returning + run-out + residual. */
  readonly profit: number;
  /** Revenue less refunds, of the weeks that were played. */
  readonly sales: number;
  readonly shipping: number;
  readonly returning: number;
  /** Revenue less refunds and costs of the weeks after them. */
  readonly runOut: number;
  /** What was brought by units left at the end of their seasons, and what those that are left then are worth. */
  readonly residual: number;
  /** Units, of all weeks: came in = sold − returned + left. */
  readonly cameIn: number;
  readonly sold: number;
  readonly returned: number;
  readonly left: number;
  /** Units sold in the weeks that were played. */
  readonly soldInPlay: number;
  /** Sales-weighted discount rate of the weeks that were played: Σ (p − x) s / Σ p s. */
  readonly discountRate: number;
  /** Levels that were changed, a week and series on sale. */
  readonly changes: number;
  /** The first week of each plan; null of policies that expect nothing. */
  readonly weekAhead: PlannedAndRealised | null;
  /** The plan of the first week, over the weeks that were played. */
  readonly firstPlan: PlannedAndRealised | null;
  /** Null of policies that explore nothing. */
  readonly drawn: DrawnInSeason | null;
  readonly notices: readonly ToldNotice[];
}

/**
 * Sums up a season.
 * @param record that has come to its end
 * @returns what it came to
 * @throws DataError when it has not
 */
export function outcomeOf(record: SeasonRecord): SeasonOutcome {
  const { policy, seed, weeks, runOut } = record;
  if (runOut === null || weeks.length === 0)
    throw new DataError('a season has not come to its end', {
      expected: 'all weeks and the run-out',
      found: `${weeks.length} weeks of ${policy} in market ${seed}`,
    });
  const sum = (of: (week: SeasonRecord['weeks'][number]) => number): number =>
    weeks.reduce((total, week) => total + of(week), 0);
  const cents = {
    sales: sum(({ money }) => money.revenue - money.refunds),
    shipping: sum(({ money }) => money.shipping),
    returning: sum(({ money }) => money.returnCost),
    runOut: profitOf(runOut.money) - runOut.money.clearance,
    residual: sum(({ money }) => money.clearance) + runOut.money.clearance + runOut.residual,
  };
  const profit = cents.sales - cents.shipping - cents.returning + cents.runOut + cents.residual;
  const soldInPlay = sum(({ sold }) => sold);
  const listValue = sum((week) => week.listValue);
  return {
    ...{ policy, seed, weeks: weeks.length, profit: profit / 100 },
    ...{ sales: cents.sales / 100, shipping: cents.shipping / 100, returning: cents.returning / 100 },
    ...{ runOut: cents.runOut / 100, residual: cents.residual / 100 },
    ...{ sold: soldInPlay + runOut.sold, returned: sum(({ returned }) => returned) + runOut.returned },
    ...{ cameIn: runOut.cameIn, left: runOut.left, soldInPlay },
    discountRate: listValue === 0 ? 0 : sum(({ discounted }) => discounted) / listValue,
    changes:
      sum(({ changed }) => changed) /
      Math.max(
        1,
        sum(({ onSale }) => onSale),
      ),
    weekAhead: compare(record, 'planned', 'realised'),
    firstPlan: compare(record, 'firstPlanned', 'firstRealised'),
    drawn: drawnIn(record),
    notices: toldNotices([record]),
  };
}

/**
 * @param money of a week
 * @returns what is earned, integer cents
 */
export function profitOf(money: Money): number {
  return money.revenue - money.refunds - money.shipping - money.returnCost + money.clearance;
}

function drawnIn({ weeks }: SeasonRecord): DrawnInSeason | null {
  const all = weeks.flatMap(({ draws }) => draws ?? []);
  if (all.length === 0) return null;
  const sum = (of: (draws: (typeof all)[number]) => number): number =>
    all.reduce((total, draws) => total + of(draws), 0);
  return {
    ...{ articles: sum(({ articles }) => articles), series: sum(({ series }) => series) },
    ...{ moved: sum(({ moved }) => moved), expectedCost: sum(({ cost }) => cost) },
  };
}

function compare(
  { weeks }: SeasonRecord,
  plannedName: 'planned' | 'firstPlanned',
  realisedName: 'realised' | 'firstRealised',
): PlannedAndRealised | null {
  const both = weeks.filter((week) => week[plannedName] !== null && week[realisedName] !== null);
  if (both.length === 0) return null;
  const planned = both.reduce((sum, week) => sum + week[plannedName]!, 0);
  const realised = both.reduce((sum, week) => sum + week[realisedName]!, 0);
  return { planned, realised, optimism: realised > 0 ? planned / realised - 1 : null };
}
