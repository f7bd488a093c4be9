import { ConfigurationError } from '@hemline/core';
import { checkOptions, type CheckedOptions, type MarketOptions } from '../options.ts';
import { RETURN_LAGS } from '../returns.ts';

/** What market is played, and for how long. */
export interface PlayOptions extends Omit<
  MarketOptions,
  'out' | 'overwrite' | 'planWeeks' | 'blockArticles' | 'onProgress' | 'signal'
> {
  /** Weeks of history before the play, which the market's own planner has priced; at least 14, 104 by default. */
  readonly weeks?: number;
  /** Weeks that are played; 26 by default. */
  readonly played?: number;
  /** Weeks that the planner sells on after them, each article to its season's end at most, 0 to 104; 39 by default. */
  readonly runOut?: number;
  /** Weeks that a dataset looks ahead of what is known, as far as the market goes; 26 by default. */
  readonly planWeeks?: number;
}

/** Options of a play with defaults filled in and checked. */
export interface CheckedPlay {
  /** The market of which history and play are the history, and the weeks of the run-out the plan. */
  readonly market: CheckedOptions;
  /** First week that is played, counted from the first of the history. */
  readonly from: number;
  readonly played: number;
  readonly planWeeks: number;
}

/** All that comes back in a played week was sold in weeks that the tables have. */
const LEAST_HISTORY = RETURN_LAGS - 1;

/**
 * Fills in defaults and checks.
 * @param options as given
 * @returns complete options
 * @throws ConfigurationError for what is out of range
 */
export function checkPlay(options: PlayOptions): CheckedPlay {
  const { weeks = 104, played = 26, runOut = 39, planWeeks = 26, ...rest } = options;
  const wrong: string[] = [];
  for (const [name, value, least] of [
    ['weeks', weeks, LEAST_HISTORY],
    ['played', played, 1],
    ['planWeeks', planWeeks, 0],
  ] as const)
    if (!Number.isSafeInteger(value) || value < least)
      wrong.push(`${name} ${value} (a whole number from ${least})`);
  if (wrong.length > 0)
    throw new ConfigurationError('the market cannot be played', {
      expected: 'every option in its range',
      found: wrong.join('; '),
    });
  const market = checkOptions({ ...rest, out: 'played', weeks: weeks + played, planWeeks: runOut });
  return { market, from: weeks, played, planWeeks };
}
