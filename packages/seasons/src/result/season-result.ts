import { withoutExploring } from '../policies/exploring.ts';
import type { SeasonRecord } from '../season/season-record.ts';
import { meanOverSeeds, type MeanOverSeeds } from './mean-interval.ts';
import { outcomeOf, profitOf, type DrawnInSeason, type SeasonOutcome } from './season-outcome.ts';
import { toldNotices } from './told-notices.ts';

/** Between these two lies what there is to gain. */
export const BASELINE = 'planner';
export const CEILING = 'oracle';

/** A week of a policy, as the mean over the markets. */
export interface WeekOfPolicy {
  readonly number: number;
  /** Profit of the weeks up to this one: revenue less refunds and costs, without what is in stock; currency units. */
  readonly profit: number;
  readonly sold: number;
  readonly discountRate: number;
}

/** What exploring came to over all markets, as shares of what the same policy earns that explores nothing. */
export interface ExplorationStanding {
  /** Profit that the policy expected to lose by its draws; of its own profit where the policy without draws was not played. */
  readonly expectedCost: MeanOverSeeds;
  /** Profit of the policy without draws less that with them: what they cost, and what was learnt from them in the season; null without it. */
  readonly realisedCost: MeanOverSeeds | null;
  /** Series and weeks drawn in a market; those of them that got another level than the planned one. */
  readonly series: number;
  readonly moved: number;
}

/** What a policy came to over all markets. */
export interface PolicyStanding {
  readonly policy: string;
  /** One for each market. */
  readonly seasons: readonly SeasonOutcome[];
  readonly profit: MeanOverSeeds;
  /** Profit over that of the planner in the same market, as a share of the planner's; null without the planner. */
  readonly gain: MeanOverSeeds | null;
  /** (policy − planner) / (oracle − planner), market by market; null without both, or where the oracle gains nothing in any. */
  readonly captured: MeanOverSeeds | null;
  readonly weekAheadOptimism: MeanOverSeeds | null;
  readonly firstPlanOptimism: MeanOverSeeds | null;
  /** Null of policies that explore nothing. */
  readonly exploring: ExplorationStanding | null;
  readonly weeks: readonly WeekOfPolicy[];
}

/** What all policies came to. */
export interface SeasonResult {
  readonly seeds: readonly number[];
  readonly policies: readonly PolicyStanding[];
  /** What has to be known to read it. */
  readonly notes: readonly string[];
}

/**
 * Compares policies over markets. All comparisons are within a market, and averaged then.
 * @param records of every policy in every market, at their ends
 * @returns policies in the order of the records
 */
export function seasonResult(records: readonly SeasonRecord[]): SeasonResult {
  const names = [...new Set(records.map(({ policy }) => policy))];
  const seeds = [...new Set(records.map(({ seed }) => seed))];
  const outcomes = records.map(outcomeOf);
  const profitAt = (name: string, seed: number): number | null =>
    outcomes.find(({ policy, seed: own }) => policy === name && own === seed)?.profit ?? null;
  const policies = names.map((policy): PolicyStanding => {
    const seasons = outcomes.filter((outcome) => outcome.policy === policy);
    const gains = seasons.flatMap(({ profit, seed }) => {
      const baseline = profitAt(BASELINE, seed);
      return baseline === null || baseline === 0 ? [] : [(profit - baseline) / Math.abs(baseline)];
    });
    const shares = seasons.flatMap(({ profit, seed }) => {
      const [baseline, ceiling] = [profitAt(BASELINE, seed), profitAt(CEILING, seed)];
      if (baseline === null || ceiling === null || ceiling <= baseline) return [];
      return [(profit - baseline) / (ceiling - baseline)];
    });
    const optimism = (of: 'weekAhead' | 'firstPlan'): MeanOverSeeds | null =>
      meanOverSeeds(seasons.flatMap((season) => season[of]?.optimism ?? []));
    return {
      ...{ policy, seasons, profit: meanOverSeeds(seasons.map(({ profit }) => profit))! },
      ...{ gain: meanOverSeeds(gains), captured: meanOverSeeds(shares) },
      ...{ weekAheadOptimism: optimism('weekAhead'), firstPlanOptimism: optimism('firstPlan') },
      exploring: exploringOf(seasons, profitAt),
      weeks: weeksOf(records.filter((record) => record.policy === policy)),
    };
  });
  return { seeds, policies, notes: notesOf(records, policies, seeds, profitAt) };
}

function exploringOf(
  seasons: readonly SeasonOutcome[],
  profitAt: (name: string, seed: number) => number | null,
): ExplorationStanding | null {
  const explored = seasons.flatMap(({ policy, seed, profit, drawn }) => {
    const plain = withoutExploring(policy);
    return drawn === null || plain === null ? [] : [{ profit, drawn, without: profitAt(plain, seed) }];
  });
  if (explored.length === 0) return null;
  const mean = (of: (drawn: DrawnInSeason) => number): number =>
    explored.reduce((sum, { drawn }) => sum + of(drawn), 0) / explored.length;
  return {
    expectedCost: meanOverSeeds(
      explored.map(({ profit, drawn, without }) => drawn.expectedCost / Math.abs(without ?? profit)),
    )!,
    realisedCost: meanOverSeeds(
      explored.flatMap(({ profit, without }) =>
        without === null ? [] : [(without - profit) / Math.abs(without)],
      ),
    ),
    ...{ series: mean(({ series }) => series), moved: mean(({ moved }) => moved) },
  };
}

function weeksOf(records: readonly SeasonRecord[]): WeekOfPolicy[] {
  let earned = 0;
  return records[0]!.weeks.map((_, number) => {
    const weeks = records.map((record) => record.weeks[number]!);
    const mean = (of: (week: (typeof weeks)[number]) => number): number =>
      weeks.reduce((sum, week) => sum + of(week), 0) / weeks.length;
    earned += mean(({ money }) => profitOf(money)) / 100;
    const listValue = mean((week) => week.listValue);
    return {
      ...{ number: number + 1, profit: earned, sold: mean(({ sold }) => sold) },
      discountRate: listValue === 0 ? 0 : mean(({ discounted }) => discounted) / listValue,
    };
  });
}

function notesOf(
  records: readonly SeasonRecord[],
  policies: readonly PolicyStanding[],
  seeds: readonly number[],
  profitAt: (name: string, seed: number) => number | null,
): string[] {
  const notes: string[] = [];
  if (seeds.length === 1) notes.push('One market says nothing of the noise: there are no intervals.');
  const missing = [BASELINE, CEILING].filter((name) => profitAt(name, seeds[0]!) === null);
  if (missing.length > 0)
    notes.push(`Without ${missing.join(' and ')} it is not known which share of the gain is captured.`);
  else {
    const poor = seeds.filter((seed) => profitAt(CEILING, seed)! <= profitAt(BASELINE, seed)!);
    if (poor.length > 0)
      notes.push(
        `In ${poor.length} of ${seeds.length} markets (${poor.join(', ')}) the oracle gains nothing over the planner: they are not in the share that is captured.`,
      );
  }
  for (const { policy } of policies) {
    const seasons = records.filter((record) => record.policy === policy);
    const all = seasons.reduce((sum, { weeks }) => sum + weeks.length, 0);
    for (const { notice, weeks } of toldNotices(seasons))
      notes.push(`${policy}, ${weeks} of ${all} weeks${weeks > 1 ? ', at first' : ''}: ${notice}`);
  }
  return notes;
}
