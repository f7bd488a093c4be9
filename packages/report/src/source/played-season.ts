import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '@hemline/runs';
import { readJson } from './read-json.ts';

/** A mean over markets, as a season tells it. */
export interface ToldMean {
  readonly mean: number;
  /** Of 95 %; null of a single market. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** A policy in a market, as far as the page tells it. */
export interface ToldOutcome {
  readonly sales: number;
  readonly shipping: number;
  readonly returning: number;
  readonly runOut: number;
  readonly residual: number;
  readonly sold: number;
  readonly left: number;
  readonly discountRate: number;
}

/** A policy over all markets. */
export interface ToldPolicy {
  readonly policy: string;
  readonly seasons: readonly ToldOutcome[];
  readonly profit: ToldMean;
  readonly gain: ToldMean | null;
  readonly captured: ToldMean | null;
  readonly weekAheadOptimism: ToldMean | null;
  readonly firstPlanOptimism: ToldMean | null;
  readonly weeks: readonly {
    readonly number: number;
    readonly profit: number;
    readonly discountRate: number;
  }[];
}

/** What a season leaves in `result.json`, as far as the page tells it. */
export interface PlayedSeason {
  readonly seeds: readonly number[];
  readonly policies: readonly ToldPolicy[];
  readonly notes: readonly string[];
}

/**
 * Reads what the policies of a season came to.
 * @param record of the run
 * @returns it; null where the run has played none, or its folder is gone
 * @throws ArtifactError when it is damaged
 */
export async function readPlayedSeason({ outputs }: RunRecord): Promise<PlayedSeason | null> {
  const url = outputs.findLast(({ name }) => name === 'season')?.url;
  return url === undefined ? null : readJson<PlayedSeason>(join(fileURLToPath(url), 'result.json'));
}
