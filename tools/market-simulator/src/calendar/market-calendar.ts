import { addWeeks } from '@hemline/core';
import { GROUPS } from '../assortment/groups.ts';
import { LONGEST_LIFE, type Span } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import { randomStream, STREAMS, uniform, uniformBetween } from '../random/stream.ts';
import { dayOf, holidayLift, yearOfDay } from './holidays.ts';

const DAYS_PER_YEAR = 365.25;
const CAMPAIGN_START_PROBABILITY = 0.12;
const GROUP_JOINS_PROBABILITY = 0.5;

/**
 * What the calendar does to demand in one market. Weeks are counted from the first week of the history; earlier ones,
 * in which articles on sale then were launched, are negative.
 */
export interface MarketCalendar {
  /** Week number of the first entry of the arrays below. */
  readonly start: number;
  /** Per group and week: factor on demand, from the yearly wave and from feasts and sales. */
  readonly factor: readonly Float64Array[];
  /** Per group and week: intensity of the campaign, 0 (none) to 1. */
  readonly campaign: readonly Float64Array[];
}

/**
 * Draws a market's campaigns and works out its calendar.
 * @param seed of the simulation
 * @param market whose calendar
 * @param span the weeks of history and plan
 * @returns the calendar from the earliest launch to the end of the plan
 */
export function drawMarketCalendar(seed: number, market: Market, span: Span): MarketCalendar {
  const start = -LONGEST_LIFE;
  const length = span.weeks + span.planWeeks - start;
  const factor = GROUPS.map(() => new Float64Array(length));
  for (let i = 0; i < length; i++) {
    const week = addWeeks(span.firstWeek, start + i);
    const day = week + 3 - dayOf(yearOfDay(week + 3), 1, 1);
    const holidays = market.holidays * holidayLift(week);
    GROUPS.forEach(({ wave, peakDay }, group) => {
      const season = market.climate * wave * Math.cos((2 * Math.PI * (day - peakDay)) / DAYS_PER_YEAR);
      factor[group]![i] = Math.exp(season + holidays);
    });
  }
  return { start, factor, campaign: drawCampaigns(seed, market, length) };
}

/** Campaigns of one or two weeks, each for some groups, one at a time. */
function drawCampaigns(seed: number, market: Market, length: number): Float64Array[] {
  const random = randomStream(seed, STREAMS.campaigns, market.index);
  const campaign = GROUPS.map(() => new Float64Array(length));
  for (let i = 0; i < length; i++) {
    if (uniform(random) >= CAMPAIGN_START_PROBABILITY) continue;
    const weeks = uniform(random) < 0.5 ? 1 : 2;
    const intensity = Math.round(uniformBetween(random, 3, 10)) / 10;
    for (const weekly of campaign)
      if (uniform(random) < GROUP_JOINS_PROBABILITY) weekly.fill(intensity, i, i + weeks);
    i += weeks;
  }
  return campaign;
}
