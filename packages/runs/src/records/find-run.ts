import { join } from 'node:path';
import { ConfigurationError, listing, nearest } from '@hemline/core';
import { listRuns, readRun, runFolders, type KnownRun } from './read-runs.ts';

/** Clocks of machines differ by less: a run that begins later than that from now has a wrong date. */
const MOST_SKEW_MS = 3_600_000;

/** Which run is the latest. */
export interface LatestRunOptions {
  /** @returns whether a run is meant; every one by default */
  isWanted?(run: KnownRun): boolean;
  /** Told of runs that are passed over because of their date. */
  onNotice?(text: string): void;
}

/**
 * Finds a run by its id.
 * @param directory whose folders are runs
 * @param run its id, the beginning of just one, or `latest`
 * @param options of the latest
 * @returns the run
 * @throws ConfigurationError when there is none, or more than one
 */
export async function findRun(
  directory: string,
  run: string,
  options: LatestRunOptions = {},
): Promise<KnownRun> {
  if (run === 'latest') {
    const latest = await latestRun(directory, options);
    if (latest !== null) return latest;
    throw noSuchRun(directory, run, []);
  }
  const names = await runFolders(directory);
  const found = names.includes(run) ? [run] : names.filter((name) => name.startsWith(run));
  if (found.length > 1)
    throw new ConfigurationError('this may be several runs', {
      expected: 'the id of a run, or its beginning',
      found: `${run}: ${listing(found)}`,
    });
  const known = found[0] === undefined ? null : await readRun(join(directory, found[0]));
  if (known === null) throw noSuchRun(directory, run, names);
  return known;
}

/**
 * The run that began last. One whose date is yet to come, as after a wrong clock, would be the latest for ever: it is passed over,
 * which is told.
 * @param directory whose folders are runs
 * @param options which runs are meant
 * @returns the run; null when there is none
 */
export async function latestRun(directory: string, options: LatestRunOptions = {}): Promise<KnownRun | null> {
  const { isWanted = () => true, onNotice } = options;
  const { runs } = await listRuns(directory);
  for (const run of runs.filter(isWanted)) {
    if (!isYetToCome(run)) return run;
    onNotice?.(
      `${run.record.run} began on ${run.record.startedAt.slice(0, 16)}, it says, which is yet to come: it is passed over. Set the clock of ${run.record.process.host} right; the run can be named.`,
    );
  }
  return null;
}

/**
 * @param run with its record
 * @returns whether its date is one that is yet to come
 */
export function isYetToCome({ record }: KnownRun): boolean {
  return Date.parse(record.startedAt) > Date.now() + MOST_SKEW_MS;
}

function noSuchRun(directory: string, run: string, names: readonly string[]): ConfigurationError {
  const close = nearest(run, names);
  return new ConfigurationError(`there is no record of a run ${run}`, {
    where: { file: directory },
    remedy: `${close === undefined || close === run ? '' : `Did you mean ${close}? `}"hemline runs list" shows what there is.`,
  });
}
