import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ConflictError } from '@hemline/core';
import { RunLock } from '@hemline/runs/documents';
import { serveTasks, type TellProgress } from '@hemline/runtime/processes';
import { playSeason } from '@hemline/seasons';
import { policyOf } from './policy-of.ts';
import { playedMarkets } from './played-markets.ts';
import type { SeasonRequest } from './season-request.ts';

/** Folder of the lock, within that of a season. */
const LOCK = 'lock';
const PAUSE_MS = 100;
/** No training takes longer without looking up. */
const PATIENCE_MS = 600_000;

/** One policy in one market, for a process to play. */
export interface SeasonTask {
  /** As it was named. */
  readonly policy: string;
  readonly seed: number;
  readonly folder: string;
}

/** All that a process of seasons does: it plays one after the other. What it holds is not lost with it: every week is in a journal. */
export function serveSeasons(): void {
  serveTasks<SeasonRequest, SeasonTask, Readonly<Record<string, number>>, SeasonRequest>(
    (request) => request,
    (task, request, tell) => play(request, task, tell),
  );
}

async function play(
  request: SeasonRequest,
  { policy: name, seed, folder }: SeasonTask,
  onProgress: TellProgress,
): Promise<Readonly<Record<string, number>>> {
  const began = performance.now();
  const lock = await takeSeason(folder);
  const policy = await policyOf(name, request, seed);
  try {
    await playSeason(policy, {
      ...{ maker: playedMarkets(request), seed, folder, onProgress },
    });
  } finally {
    policy.dispose?.();
    await lock.release();
  }
  await rm(join(folder, LOCK), { recursive: true, force: true });
  const all = (performance.now() - began) / 1000;
  const known = Object.values(policy.seconds ?? {}).reduce((sum, each) => sum + each, 0);
  return { ...policy.seconds, market: Math.max(0, all - known), all };
}

/** A process whose start was killed ends by itself, as soon as it has finished what it is computing. */
async function takeSeason(folder: string): Promise<RunLock> {
  for (let tries = 0; ; tries++) {
    try {
      return await RunLock.take(join(folder, LOCK), 'the season of an earlier start');
    } catch (error) {
      if (!(error instanceof ConflictError) || tries * PAUSE_MS >= PATIENCE_MS) throw error;
      await pause(PAUSE_MS);
    }
  }
}
