import { DataError, HemlineError, type Week } from '@hemline/core';
import { Home } from '@hemline/runs';
import { decisionsAbout } from '../decisions/decision-place.ts';
import { findPricedRun } from '../decisions/priced-run.ts';
import { scoreDecisions, type ScoreDecisionsResult } from '../decisions/score-decisions.ts';
import type { DataOptions, HomeOption, WorkOptions } from '../work-options.ts';
import { limitCosts, type LimitCost } from './limit-costs.ts';

/** What prices that have passed came to. */
export type MoneyScores = Pick<
  ScoreDecisionsResult,
  'weeks' | 'open' | 'unjudged' | 'all' | 'by' | 'overrides' | 'variances' | 'runs'
>;

/** What the decisions of the weeks that are judged came to, in the currency of the data. */
export interface MonitoredMoney {
  /** Store of the decisions. */
  readonly store: string;
  /** What they earned against plan and holding, and where the forecast was off by most; null where none of these weeks has passed. */
  readonly scores: MoneyScores | null;
  /** Limits of the runs whose prices were scored. */
  readonly limits: readonly LimitCost[];
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}

/** Where data and decisions are. */
export interface MoneyOptions extends DataOptions, HomeOption, WorkOptions {
  /** Name of the dataset. */
  readonly dataset: string;
}

/**
 * Tells what the decisions of some weeks earned, where the forecast behind them was off by most, and what limits cost. Keeps no
 * outcomes. It takes the memory of pricing, where there is anything to tell.
 * @param options data, home
 * @param weeks the first and the last
 * @returns the money; null where nothing was ever proposed or decided about the dataset
 */
export async function monitorMoney(
  options: MoneyOptions,
  [from, to]: readonly [Week, Week],
): Promise<MonitoredMoney | null> {
  const decisions = await decisionsAbout(options.dataset, options);
  if ((await decisions.segments()) === 0) return null;
  const store = decisions.url;
  try {
    const scored = await scoreDecisions({ ...options, weeks: { from, to }, dryRun: true });
    const { weeks, open, unjudged, all, by, overrides, variances, runs, notes } = scored;
    const limits = await limitsOf(runs, options.home);
    return {
      ...{ store, scores: { weeks, open, unjudged, all, by, overrides, variances, runs } },
      ...{ limits: limits.found, notes: [...notes, ...limits.notes] },
    };
  } catch (error) {
    // Forecasts are monitored also in weeks that nobody has decided about, and where the data tell nothing of the decisions.
    if (!(error instanceof DataError)) throw error;
    return { store, scores: null, limits: [], notes: [error.message] };
  }
}

async function limitsOf(
  runs: readonly string[],
  home: string | undefined,
): Promise<{ found: LimitCost[]; notes: string[] }> {
  const [found, notes]: [LimitCost[], string[]] = [[], []];
  for (const run of runs)
    try {
      found.push(...(await limitCosts(await findPricedRun(new Home(home), run))));
    } catch (error) {
      if (!(error instanceof HemlineError) || error.blame === 'interrupted') throw error;
      notes.push(`the limits of ${run} cannot be told: ${error.message}`);
    }
  return { found, notes };
}
