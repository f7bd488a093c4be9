import { packError, type PackedError, type ProgressEvent } from '@hemline/core';
import { peakMemoryBytes } from '@hemline/runtime';
import { playSeason } from '@hemline/seasons';
import { policyOf } from './policy-of.ts';
import { playedMarkets } from './played-markets.ts';
import type { SeasonRequest } from './season-request.ts';

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
  const policy = await policyOf(name, request, seed);
  try {
    await playSeason(policy, {
      ...{ maker: playedMarkets(request), seed, folder },
      onProgress: (event) => tell({ kind: 'progress', event }),
    });
  } finally {
    policy.dispose?.();
  }
  const all = (performance.now() - began) / 1000;
  const known = Object.values(policy.seconds ?? {}).reduce((sum, each) => sum + each, 0);
  return { ...policy.seconds, market: Math.max(0, all - known), all };
}

function tell(message: FromSeasonProcess): void {
  process.send!(message);
}
