// `runs` of the library: the records of what was done.
import { ConfigurationError } from '@hemline/core';
import {
  compareRuns,
  findRun,
  followRun,
  Home,
  isYetToCome,
  listRuns,
  type KnownRun,
  type RunComparison,
  type RunListing,
} from '@hemline/runs';
import type { HomeOption, WorkListener } from '../work-options.ts';

/** Which runs are listed. */
export interface ListRunsOptions extends HomeOption {
  /** Only of this kind, such as `train` or `weekly`. */
  readonly kind?: string;
  readonly state?: KnownRun['state'];
  /** At most so many. */
  readonly last?: number;
}

/**
 * The records of runs.
 * @param options kind, state, how many
 * @returns the latest first, and those whose record cannot be read
 */
export async function list(options: ListRunsOptions = {}): Promise<RunListing> {
  const { kind, state, last } = options;
  const { runs, unreadable } = await listRuns(new Home(options.home).runs);
  const shown = runs
    .filter((each) => kind === undefined || each.record.kind === kind)
    .filter((each) => state === undefined || each.state === state)
    .slice(0, last);
  return { runs: shown, unreadable };
}

/** Where a run is looked for, and who is told of those that are passed over. */
export interface FindRunOptions extends HomeOption, Pick<WorkListener, 'onNotice'> {}

/**
 * Everything about a run.
 * @param run its id, the beginning of it, or `latest`
 * @param options home, notices
 * @returns its record
 * @throws ConfigurationError when there is none
 */
export function show(run = 'latest', options: FindRunOptions = {}): Promise<KnownRun> {
  return findRun(new Home(options.home).runs, run, options);
}

/** Two runs side by side. */
export interface ComparedRuns extends RunComparison {
  readonly first: string;
  readonly second: string;
}

/**
 * Two runs: facts that differ, metrics and timings side by side.
 * @param first id of a run, or the beginning of it; by default the latest that has a run of its kind before it
 * @param second the other; without it, the run before the first of the same kind is the one it is compared with
 * @param options home, notices
 * @returns what differs, the earlier run first where no second was named
 * @throws ConfigurationError when a run is not there, both are the same, or none of its kind came before
 */
export async function compare(
  first = 'latest',
  second?: string,
  options: FindRunOptions = {},
): Promise<ComparedRuns> {
  const named =
    first === 'latest' && second === undefined ? await comparable(options) : await show(first, options);
  const [a, b] =
    second === undefined ? [await runBefore(named, options), named] : [named, await show(second, options)];
  if (a.record.run === b.record.run)
    throw new ConfigurationError('a run cannot be compared with itself', {
      expected: 'two runs',
      found: a.record.run,
      remedy: 'Without a second run, it is compared with the one before it of the same kind.',
    });
  return { first: a.record.run, second: b.record.run, ...compareRuns(a.record, b.record) };
}

/** The latest run that has one of its kind before it; where none has, the latest, so that the error is about it. */
async function comparable(options: FindRunOptions): Promise<KnownRun> {
  const { runs } = await listRuns(new Home(options.home).runs);
  const past = runs.filter((run) => !isYetToCome(run));
  const found = past.find((run) => before(run, past) !== undefined);
  return found === undefined ? show('latest', options) : show(found.record.run, options);
}

function before({ record }: KnownRun, runs: readonly KnownRun[]): KnownRun | undefined {
  return runs.find((each) => each.record.kind === record.kind && each.record.startedAt < record.startedAt);
}

async function runBefore(run: KnownRun, options: HomeOption): Promise<KnownRun> {
  const { record } = run;
  const { runs } = await listRuns(new Home(options.home).runs);
  const found = before(run, runs);
  if (found !== undefined) return found;
  throw new ConfigurationError('there is no earlier run of this kind to compare with', {
    expected: `a run of the kind ${record.kind} before ${record.startedAt}`,
    found: record.run,
    remedy: 'Name the run to compare with as the second; "hemline runs list" shows what there is.',
  });
}

/**
 * What a run does, while it does it.
 * @param run its id, the beginning of it, or `latest`
 * @param options home, and a signal that ends the following, not the run
 * @returns events and measurements, and last the run as it ended
 */
export async function* follow(
  run = 'latest',
  options: FindRunOptions & { readonly signal?: AbortSignal } = {},
): ReturnType<typeof followRun> {
  const { directory } = await show(run, options);
  return yield* followRun(directory, { signal: options.signal });
}
