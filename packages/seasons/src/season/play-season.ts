import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, formatWeek, throwIfAborted, type ProgressEvent } from '@hemline/core';
import type {
  Market,
  MarketMaker,
  MarketTruth,
  PriceTags,
  ShopSituation,
  SoldWeek,
} from '../market/market.ts';
import type { Decision, Draws, Policy, Situation } from '../policies/policy.ts';
import { SeasonJournal } from './season-journal.ts';
import type { SeasonRecord, WeekRecord } from './season-record.ts';

/** How a season is played. */
export interface PlaySeasonOptions {
  readonly maker: MarketMaker;
  readonly seed: number;
  /** Of this policy in this market: its journal, and what the policy keeps. */
  readonly folder: string;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * Plays a season with a policy: situation, decision, sales, week by week, and the run-out. Every week is committed to the journal; a
 * season that was interrupted goes on after the last one, and comes to the same.
 * @param policy that sets the prices
 * @param options market, seed, folder
 * @returns the season
 * @throws InterruptedError when the signal was raised; weeks that are committed are kept
 * @throws DataError for a decision that no market can sell at
 */
export async function playSeason(policy: Policy, options: PlaySeasonOptions): Promise<SeasonRecord> {
  const { maker, seed, folder, signal, onProgress } = options;
  const journal = new SeasonJournal(folder);
  const before = await journal.read({ policy: policy.name, seed });
  if (before !== null && before.runOut !== null) return before;
  const saved = before === null ? null : await journal.market(before.weeks.length);
  const market = await maker.open(seed, saved);
  let record: SeasonRecord = before ?? {
    ...{ schema: 1, policy: policy.name, seed, weeks: [], firstPlan: null, runOut: null },
  };
  const total = record.weeks.length + market.weeksLeft;
  while (market.weeksLeft > 0) {
    throwIfAborted(signal);
    onProgress?.({ phase: 'season', done: record.weeks.length, total, unit: 'weeks' });
    record = await playWeek(policy, market, record, options);
    await journal.commit(record, market.save());
  }
  onProgress?.({ phase: 'season', done: record.weeks.length, total, unit: 'weeks' });
  record = { ...record, runOut: market.finish() };
  await journal.commit(record, null);
  return record;
}

async function playWeek(
  policy: Policy,
  market: Market,
  record: SeasonRecord,
  { folder, signal }: PlaySeasonOptions,
): Promise<SeasonRecord> {
  const { week } = market;
  const shop = market.situation();
  const scratch = join(folder, 'scratch');
  const data = join(scratch, 'observed');
  // What a start that was killed has left, half of it perhaps beside the data.
  await rm(scratch, { recursive: true, force: true });
  let written: Promise<string> | null = null;
  const { weeksLeft, discounts, articles, markets, article, blackPrice, vat, pool } = market;
  const situation: Situation = {
    ...{ ...shop, week, weeksLeft, discounts, articles, markets, article, blackPrice, folder },
    ...{ market: market.market, vat, pool, number: record.weeks.length },
    ...(signal === undefined ? {} : { signal }),
    observed: () =>
      (written ??= mkdir(scratch, { recursive: true })
        .then(() => market.observe(data))
        .then(() => data)),
    truth: (weeks) => market.truth(weeks),
  };
  const decision = await policy.decide(situation);
  checkDecision(policy.name, decision, market, shop);
  const firstPlan = record.firstPlan ?? (record.weeks.length === 0 ? planOf(decision, shop) : null);
  // As it is before the week is sold.
  const truth = decision.planned === undefined && firstPlan === null ? null : market.truth(1);
  const sold = market.price(decision.level, tagsOf(decision));
  await rm(scratch, { recursive: true, force: true });
  const weekly = { decision, shop, sold, truth, firstPlan, number: record.weeks.length };
  return { ...record, firstPlan, weeks: [...record.weeks, weekRecord(formatWeek(week), market, weekly)] };
}

/** Nothing was drawn in a week without a propensity: its data is as if nobody explored. */
function tagsOf({ draws }: Decision): PriceTags | null {
  if (draws === undefined || draws.series === 0) return null;
  return { propensity: draws.propensity, experiment: draws.experiment };
}

/** What is known of a week that was sold. */
interface PlayedWeek {
  readonly decision: Decision;
  readonly shop: ShopSituation;
  readonly sold: SoldWeek;
  readonly truth: MarketTruth | null;
  readonly firstPlan: SeasonRecord['firstPlan'];
  readonly number: number;
}

function weekRecord(
  week: string,
  market: Market,
  { decision, shop, sold, truth, firstPlan, number }: PlayedWeek,
): WeekRecord {
  const { blackPrice, discounts } = market;
  const { level, planned, draws, notices = [] } = decision;
  const { onSale } = shop;
  const T = planned === undefined ? 0 : planned.length / onSale.length;
  const sums = { listValue: 0, discounted: 0, planned: 0, realised: 0, firstRealised: 0 };
  const first = new Set(firstPlan?.series);
  for (let n = 0; n < onSale.length; n++) {
    if (onSale[n] === 0) continue;
    const value = blackPrice[n]! * sold.sales[n]!;
    sums.listValue += value;
    sums.discounted += value * discounts[level[n]!]!;
    const profit = truth === null ? 0 : sold.sales[n]! * trueMargin(market, truth, n, level[n]!);
    if (first.has(n)) sums.firstRealised += profit;
    if (planned === undefined || Number.isNaN(planned[n * T]!)) continue;
    sums.planned += planned[n * T]!;
    sums.realised += profit;
  }
  const isInFirst = firstPlan !== null && number < firstPlan.profit.length;
  return {
    ...{ week, sold: total(sold.sales), returned: total(sold.returned), money: sold.money },
    ...{ listValue: sums.listValue, discounted: sums.discounted, onSale: total(onSale) },
    changed: onSale.filter((on, n) => on === 1 && shop.level[n] !== -1 && shop.level[n] !== level[n]).length,
    planned: planned === undefined ? null : sums.planned,
    realised: planned === undefined ? null : sums.realised,
    firstPlanned: isInFirst ? firstPlan.profit[number]! : null,
    firstRealised: isInFirst ? sums.firstRealised : null,
    draws: draws === undefined ? null : countsOf(draws),
    notices: [...notices],
  };
}

function countsOf({ articles, series, moved, cost }: Draws): NonNullable<WeekRecord['draws']> {
  return { articles, series, moved, cost };
}

/** Expected profit of a unit sold: whether it comes back, and what that costs, is not left to chance. */
function trueMargin(of: Market, truth: MarketTruth, n: number, level: number): number {
  const rate = truth.returnRate[n * of.discounts.length + level]!;
  const net = (of.blackPrice[n]! * (1 - of.discounts[level]!)) / (1 + of.vat[of.market[n]!]!);
  return (1 - rate) * net - truth.shippingCost[n]! - rate * truth.returnCost[n]!;
}

/** What is on sale in the first week and has a plan, with its profit by week ahead. */
function planOf({ planned }: Decision, { onSale }: ShopSituation): SeasonRecord['firstPlan'] {
  if (planned === undefined) return null;
  const T = planned.length / onSale.length;
  const series = [...onSale.keys()].filter((n) => onSale[n] === 1 && !Number.isNaN(planned[n * T]!));
  const profit = Array.from({ length: T }, (_, t) => series.reduce((sum, n) => sum + planned[n * T + t]!, 0));
  return { series, profit };
}

function checkDecision(
  name: string,
  { level, planned }: Decision,
  market: Market,
  shop: ShopSituation,
): void {
  const N = shop.onSale.length;
  const L = market.discounts.length;
  const refuse = (expected: string, found: string): DataError =>
    new DataError(`${name} has decided what cannot be sold`, {
      ...{ expected, found, where: { column: 'level' } },
      remedy: 'Correct the policy.',
    });
  if (level.length !== N) throw refuse(`a level for each of ${N} series`, String(level.length));
  if (planned !== undefined && (planned.length === 0 || planned.length % N !== 0))
    throw refuse(`a plan for each of ${N} series, of one week or more`, `${planned.length} numbers`);
  const odd = shop.onSale.findIndex((on, n) => on === 1 && !(level[n]! >= 0 && level[n]! < L));
  if (odd === -1) return;
  const series = `article ${market.articles[market.article[odd]!]}, market ${market.markets[market.market[odd]!]}`;
  throw refuse(`levels from 0 to ${L - 1}`, `${level[odd]} for ${series}`);
}

function total(values: Float64Array | Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
