import { studentQuantile } from '@hemline/core/special-functions';

/** Chance that an interval holds the true mean. */
export const CONFIDENCE = 0.95;

/** A mean over markets, and how sure it is. */
export interface MeanOverSeeds {
  readonly mean: number;
  /** Student's, of 95 %; null of a single market, which says nothing of the noise. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Markets. */
  readonly seeds: number;
}

/**
 * The mean of a value over markets, with Student's (1908) interval mean ± t(n − 1) s / √n. Values are of one market each, so that
 * what makes a market rich is in both sides of a difference and cancels.
 * @param values one a market
 * @returns mean and interval; null without any value
 */
export function meanOverSeeds(values: readonly number[]): MeanOverSeeds | null {
  const seeds = values.length;
  if (seeds === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  if (seeds === 1) return { mean, interval: null, seeds };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half =
    studentQuantile(1 - (1 - CONFIDENCE) / 2, seeds - 1) * Math.sqrt(squares / (seeds - 1) / seeds);
  return { mean, interval: [mean - half, mean + half], seeds };
}
