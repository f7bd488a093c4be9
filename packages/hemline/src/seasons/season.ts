import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationError, DataError, throwIfAborted } from '@hemline/core';
import { Home, urlOf } from '@hemline/runs';
import { ProcessPool } from '@hemline/runtime/processes';
import { documentText, replaceFile } from '@hemline/runs/documents';
import {
  SeasonFolder,
  SeasonJournal,
  seasonResult,
  type SeasonRecord,
  type SeasonResult,
} from '@hemline/seasons';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import type { RecordOptions } from '../work-options.ts';
import { policyOf } from './policy-of.ts';
import {
  factsKey,
  factsOf,
  seasonRequest,
  type SeasonRequest,
  type SeasonSettings,
} from './season-request.ts';
import type { SeasonTask } from './serve-seasons.ts';

/** Seasons at the same time, where the machine has so many cores: each uses more than one now and then. */
const MOST_PARALLEL = 2;

/** How a season is played. */
export interface SeasonOptions extends SeasonSettings, RecordOptions {
  /** Folder of the season; by default one in `seasons/` of the home, by what is asked for. */
  readonly output?: string;
  /** Policies and markets that are played at the same time; by default two where there are two cores. */
  readonly parallel?: number;
}

/** What a season came to, and where it is. */
export interface SeasonEnd extends SeasonResult {
  readonly run: string;
  readonly directory: string;
  /** What this start has spent, by policy and market; nothing for what was finished already. */
  readonly spent: readonly (Pick<SeasonTask, 'policy' | 'seed'> & {
    /** By part; `all` of them. */
    readonly seconds: Readonly<Record<string, number>>;
    readonly peakBytes: number;
  })[];
}

/**
 * Plays a season of a simulated market with policies: the same market and the same noise for all. One that was interrupted goes on,
 * and comes to the same.
 * @param options policies, markets, where it is kept
 * @returns what each policy earned
 * @throws ConfigurationError for wrong settings, and when another season is in the folder
 * @throws InterruptedError when the signal was raised; weeks that were played are kept
 */
export async function season(options: SeasonOptions = {}): Promise<SeasonEnd> {
  const request = await seasonRequest(options);
  await checkNames(request);
  const home = new Home(options.home).prepared();
  const facts = factsOf(request);
  const directory = resolve(options.output ?? join(home.directory, 'seasons', factsKey(facts)));
  const folder = new SeasonFolder(directory);
  const { lock, isKnown } = await folder.claim(facts);
  try {
    if (isKnown) options.onNotice?.(`An earlier start of this season is in ${directory}: it goes on.`);
    const { articles, markets, weeks, history, retrain, horizon } = request;
    const parameters = {
      ...{
        policies: request.policies.join(),
        seeds: request.seeds.join(),
        articles,
        markets,
        weeks,
        history,
      },
      ...{ retrain, horizon, limits: options.limits, output: options.output },
      ...Object.fromEntries(Object.entries(request.world).map(([name, value]) => [name, String(value)])),
    };
    const dataset = {
      ...{ name: `market-${articles}x${markets}`, directory, fingerprint: factsKey(facts) },
    };
    return await recordRun(
      home,
      { kind: 'season', model: 'policies', dataset, parameters, set: setOf(request), record: options },
      (recorded) => play(request, folder, options, recorded),
    );
  } finally {
    await lock.release();
  }
}

async function play(
  request: SeasonRequest,
  folder: SeasonFolder,
  options: SeasonOptions,
  { run, step, recorder, directory, watch }: RecordedRun,
): Promise<SeasonEnd> {
  const { signal = new AbortController().signal, parallel } = options;
  const tasks = tasksOf(request, folder);
  const lanes = Math.min(parallel ?? Math.min(MOST_PARALLEL, availableParallelism()), tasks.length);
  const spent: SeasonEnd['spent'][number][] = [];
  const again = 'Start it again: weeks that were played are kept.';
  const pool = new ProcessPool<SeasonRequest, SeasonTask, Readonly<Record<string, number>>>({
    ...{ program: new URL('season-process.ts', import.meta.url), opening: request, signal },
    ...{ log: join(directory, 'season.log'), does: 'a season', stops: 'the season', again },
    remedy: `${again} Fewer at once (--parallel) take less memory.`,
    onProgress: (task, event) => options.onProgress?.(partOf(task), event),
  });
  try {
    await inLanes(tasks, lanes, signal, async (task, lane) => {
      const { result: seconds, peakBytes } = await pool.run(task, lane);
      spent.push({ policy: task.policy, seed: task.seed, seconds, peakBytes });
      watch.onMemory(peakBytes);
      options.onDone?.(partOf(task));
    });
  } finally {
    pool.close();
  }
  const result = seasonResult(await recordsOf(request, folder));
  const text = `${documentText({ schema: 1, ...result }, 2)}\n`;
  await replaceFile(folder.result, text);
  await recorder.addMetrics(step, metricsOf(result));
  for (const { policy, seasons } of result.policies)
    for (const { seed, profit, discountRate, sold, left } of seasons)
      await recorder.addMetrics(`${policy} #${seed}`, { profit, discountRate, sold, left });
  const bytes = Buffer.byteLength(text);
  await recorder.addOutput({
    ...{ step, name: 'season', url: urlOf(folder.directory), files: 1, rows: result.policies.length, bytes },
  });
  return { run, directory: folder.directory, spent, ...result };
}

/** Of all markets: what lists of runs show. */
function metricsOf({ policies }: SeasonResult): Record<string, number> {
  const captured = policies.flatMap(({ policy, captured }) =>
    captured === null ? [] : [[`captured ${policy}`, captured.mean] as const],
  );
  return Object.fromEntries([
    ...captured,
    ...policies.map(({ policy, profit }) => [`profit ${policy}`, profit.mean] as const),
  ]);
}

/** The longest first, so that no lane waits for one at the end: those that train. */
function tasksOf({ policies, seeds }: SeasonRequest, folder: SeasonFolder): SeasonTask[] {
  const weight = (policy: string): number =>
    policy.startsWith('price:') ? 0 : policy.startsWith('oracle') ? 1 : 2;
  return policies
    .flatMap((policy) => seeds.map((seed) => ({ policy, seed, folder: folder.unit(policy, seed) })))
    .sort((a, b) => weight(a.policy) - weight(b.policy));
}

/** Lanes take the next task as they become free; the first error ends all. */
async function inLanes(
  tasks: readonly SeasonTask[],
  lanes: number,
  signal: AbortSignal,
  work: (task: SeasonTask, lane: number) => Promise<void>,
): Promise<void> {
  const left = [...tasks];
  let failure: { readonly error: unknown } | null = null;
  const lane = async (number: number): Promise<void> => {
    for (let task = left.shift(); task !== undefined && failure === null; task = left.shift()) {
      throwIfAborted(signal);
      await work(task, number);
    }
  };
  await Promise.all(
    Array.from({ length: lanes }, (_, number) =>
      lane(number).catch((error: unknown) => void (failure ??= { error })),
    ),
  );
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
}

/** In the order of the request. */
async function recordsOf(
  { policies, seeds, ...request }: SeasonRequest,
  folder: SeasonFolder,
): Promise<SeasonRecord[]> {
  const records: SeasonRecord[] = [];
  for (const name of policies)
    for (const seed of seeds) {
      const { name: policy } = await policyOf(name, { policies, seeds, ...request }, seed);
      const record = await new SeasonJournal(folder.unit(name, seed)).read({ policy, seed });
      if (record === null)
        throw new DataError('the journal of a season is gone', {
          expected: `that of ${policy} in market ${seed}`,
          found: 'nothing',
          where: { file: folder.unit(name, seed) },
          remedy: 'Start the season again.',
        });
      records.push(record);
    }
  return records;
}

/** Results are named after policies. */
async function checkNames(request: SeasonRequest): Promise<void> {
  const names = await Promise.all(
    request.policies.map(async (policy) => (await policyOf(policy, request, request.seeds[0]!)).name),
  );
  const again = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (again === -1) return;
  throw new ConfigurationError('two policies have one name', {
    expected: 'a name for each policy',
    found: `${names[again]} for ${request.policies[names.indexOf(names[again]!)]} and ${request.policies[again]}`,
    remedy: 'Give the policy of the module another name.',
  });
}

function partOf({ policy, seed }: SeasonTask): string {
  return `${policy} #${seed}`;
}

function setOf({ hyperparameters }: SeasonRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(hyperparameters).flatMap(([model, values]) =>
      Object.entries(values).map(([name, value]) => [`${model}.${name}`, value]),
    ),
  );
}
