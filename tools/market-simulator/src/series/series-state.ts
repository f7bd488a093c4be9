import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import type { RandomGenerator } from '../random/stream.ts';
import { RETURN_LAGS } from '../returns.ts';
import type { PolicyState } from '../stock/discount-policy.ts';
import type { SeriesParameters } from './series-parameters.ts';
import { createSeriesRecord, MOST_SIZES, RECORD_WEEKS, type SeriesRecord } from './series-record.ts';

/** One article in one market: its truth, and what happened. */
export interface SimulatedSeries {
  readonly parameters: SeriesParameters;
  readonly record: SeriesRecord;
  /** Log of the factor on demand at each level of the grid, outside campaigns and in mid-life. */
  readonly lift: Float64Array;
  /** Probability of a return at each level of the grid. */
  readonly returnRate: Float64Array;
  /** Share of the demand that discounts bring which is taken from rivals; 0: none compete. */
  readonly competition: number;
}

/** A series while it is lived, week by week. */
export interface SeriesState extends SimulatedSeries {
  article: Article;
  market: Market;
  parameters: SeriesParameters;
  competition: number;
  /** Where the next draws come from. */
  random: RandomGenerator;
  /** Units to be put into stock at the start of a week, `[age * sizes + size]`. */
  readonly deliveries: Float64Array;
  readonly arrivals: Float64Array;
  /** Units in stock of each size; one array for all series that share a stock. */
  stock: Float64Array;
  /** Units of each size that are asked for in the week. */
  readonly counts: Float64Array;
  /** What the shop's own planner remembers. */
  readonly planner: PolicyState;
  /** State of the noise in the week, and in the last week that is known. */
  noise: number;
  known: number;
  /** Units left after the season that no lot has taken yet. */
  leftovers: number;
}

/**
 * Memory for a series; its truth is drawn into it later, any number of times.
 * @param levels of the grid
 * @param weeks of the longest life that it is to hold, with the returns after it
 * @returns a state without a series
 */
export function createSeriesState(levels: number, weeks = RECORD_WEEKS): SeriesState {
  return {
    record: createSeriesRecord(weeks),
    lift: new Float64Array(levels),
    returnRate: new Float64Array(levels),
    deliveries: new Float64Array(weeks * MOST_SIZES),
    arrivals: new Float64Array((weeks + RETURN_LAGS) * MOST_SIZES),
    stock: new Float64Array(MOST_SIZES),
    counts: new Float64Array(MOST_SIZES),
    planner: { discount: 0, changedAt: 0, salesRate: 0 },
    competition: 0,
    noise: 0,
    known: 0,
    leftovers: 0,
  } as Omit<SeriesState, 'article' | 'market' | 'parameters' | 'random'> as SeriesState;
}

/**
 * Adds up units, such as those of an article's sizes.
 * @param values to add up
 * @param from first
 * @param to one after the last
 * @returns the sum
 */
export function sumOf(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  return total;
}
