import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, InterruptedError } from '@hemline/core';
import { ArrivalLedger, arrivalsIn, type Arrival } from './arrivals.ts';

/** What is watched, and what happens on an arrival. */
export interface WatchOptions {
  /** Folder below which data arrives. */
  readonly folder: string;
  /** Folder of the ledger. */
  readonly ledger: string;
  readonly workflow: string;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Ends after the arrivals that are there now. */
  readonly once: boolean;
  /** Runs the workflow on an arrival; a ConflictError says that another process does. */
  readonly run: (arrival: Arrival) => Promise<void>;
  readonly onWait?: () => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a workflow for every arrival, one at a time, exactly once: an arrival whose run was interrupted, even by a crash, goes
 * on with that run; one whose run is through is not run again. Looking again and again works on every file system, where
 * notifications do not.
 * @param options what to watch
 * @returns arrivals that were run, when it ends
 */
export async function watchFolder(options: WatchOptions): Promise<number> {
  const { folder, workflow, interval, once, signal, onWait } = options;
  const ledger = new ArrivalLedger(options.ledger);
  let count = 0;
  for (;;) {
    for (const arrival of arrivalsIn(folder)) {
      if (signal.aborted) return count;
      if (ledger.isDone(arrival, workflow)) continue;
      try {
        if (await runOnce(ledger, arrival, options)) count++;
      } catch (error) {
        // Another watcher is at it, and notes its end; or this one was told to stop, and the run goes on next time.
        if (error instanceof ConflictError) continue;
        if (error instanceof InterruptedError) return count;
        throw error;
      }
    }
    if (once) return count;
    onWait?.();
    try {
      await sleep(interval, undefined, { signal });
    } catch {
      return count;
    }
  }
}

/** Between looking and taking, another watcher may have come through with it: only who holds it may judge. */
async function runOnce(
  ledger: ArrivalLedger,
  arrival: Arrival,
  { workflow, run }: WatchOptions,
): Promise<boolean> {
  const lock = await ledger.take(arrival, workflow);
  try {
    if (ledger.isDone(arrival, workflow)) return false;
    await ledger.start(arrival, workflow);
    await run(arrival);
    await ledger.finish(arrival, workflow);
    return true;
  } finally {
    await lock.release();
  }
}
