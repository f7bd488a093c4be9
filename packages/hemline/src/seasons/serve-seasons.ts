import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ConflictError, packError, type PackedError, type ProgressEvent } from '@hemline/core';
import { RunLock } from '@hemline/runs/documents';
import { peakMemoryBytes } from '@hemline/runtime';
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

/** What a process of seasons is told. */
export type ToSeasonProcess =
  | { readonly kind: 'open'; readonly request: SeasonRequest }
  | { readonly kind: 'play'; readonly task: SeasonTask };

/** What it answers. The season itself is in its journal. */
export type FromSeasonProcess =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | {
      readonly kind: 'done';
      readonly seconds: Readonly<Record<string, number>>;
      readonly peakBytes: number;
    }
  | { readonly kind: 'failed'; readonly error: PackedError };

/** All that a process of seasons does: it plays one after the other, as it is told over its channel. Ends with the process that started it. */
export function serveSeasons(): void {
  let request: SeasonRequest;
  // A terminal signals the whole group: whether and when to end is decided by the process that started this one.
  process.on('SIGINT', () => undefined);
  // It was killed: nobody waits for the result.
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToSeasonProcess) => {
    if (message.kind === 'open') {
      ({ request } = message);
      return;
    }
    play(request, message.task).then(
      (seconds) => tell({ kind: 'done', seconds, peakBytes: peakMemoryBytes() }),
      (error: unknown) => tell({ kind: 'failed', error: packError(error) }),
    );
  });
}

async function play(
  request: SeasonRequest,
  { policy: name, seed, folder }: SeasonTask,
): Promise<Readonly<Record<string, number>>> {
  const began = performance.now();
  const lock = await takeSeason(folder);
  const policy = await policyOf(name, request, seed);
  try {
    await playSeason(policy, {
      ...{ maker: playedMarkets(request), seed, folder },
      onProgress: (event) => tell({ kind: 'progress', event }),
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

function tell(message: FromSeasonProcess): void {
  process.send!(message);
}
