import { join } from 'node:path';
import type { KnownRun } from '@hemline/runs';
import { readJson } from './read-json.ts';

/** Name of the file that a run of the kind `frontier` leaves. */
const FILE = 'frontier.json';

/** What the plans earn with a limit at one value. */
export interface FrontierPoint {
  /** Null of the point without the limit. */
  readonly bound: number | null;
  readonly side: 'at most' | 'at least' | 'free';
  /** Whether the file of limits states this bound, and it binds. */
  readonly isLimit: boolean;
  readonly isFeasible: boolean;
  readonly value: number | null;
  readonly profit: number | null;
  readonly gap: number | null;
  readonly worthOfOne: number | null;
  readonly unitsSold: number | null;
  readonly unitsLeft: number | null;
}

/** Profit against the value of a limit, as `hemline price --frontier` leaves it. */
export interface Frontier {
  /** Run whose forecasts were priced. */
  readonly forecasts: string;
  readonly cutoff: string;
  readonly weeks: number;
  readonly limit: string;
  readonly measure: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly minimumGain: number;
  readonly points: readonly FrontierPoint[];
}

/**
 * @param runs that have traced frontiers, the latest first
 * @returns of each limit the latest; a run that was ended before it was done is passed over
 * @throws ArtifactError when a file is damaged
 */
export async function readFrontiers(runs: readonly KnownRun[]): Promise<Frontier[]> {
  const byLimit = new Map<string, Frontier>();
  for (const { directory } of runs) {
    const found = await readJson<Frontier>(join(directory, FILE));
    if (found !== null && !byLimit.has(found.limit)) byLimit.set(found.limit, found);
  }
  return [...byLimit.values()].sort((a, b) => (a.limit < b.limit ? -1 : 1));
}
