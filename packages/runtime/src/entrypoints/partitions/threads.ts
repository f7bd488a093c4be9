import { availableParallelism } from 'node:os';
import { ConfigurationError, type Engine } from '@hemline/core';
import type { PartitionResult, PartitionTask } from './thread-messages.ts';
import { PartitionThread, type ThreadOptions } from './partition-thread.ts';

/** To start a thread takes as long as to write so many rows: with less to do for each, fewer threads are faster. */
const ROWS_OF_A_START = 2_000_000;

/** What the number of threads depends on. */
export interface ThreadNeeds {
  /** Number of threads, if the job's arguments or environment give one. */
  readonly asked: number | null;
  /** Partitions to be made. */
  readonly partitions: number;
  /** Module that threads can be started on, if there is one. */
  readonly entry: string | undefined;
  /** Rows that will be written, about; null where that is not known. */
  readonly rows: number | null;
}

/**
 * Threads that a job's partitions are spread over. By default as many as there are cores and rows to write for a model in pure
 * TypeScript, and one for a model with an engine, which has threads of its own.
 * @param engines of the model
 * @param needs of the job
 * @returns at least 1, at most one a partition
 * @throws ConfigurationError when threads are asked for and cannot be started
 */
export function threadCount(
  engines: readonly Engine[],
  { asked, partitions, entry, rows }: ThreadNeeds,
): number {
  if (entry === undefined && asked !== null && asked > 1) {
    throw new ConfigurationError('threads cannot be started', {
      expected: 'a job that was started by its own entrypoint',
      found: 'a job within another program',
      remedy: 'Ask for one thread.',
    });
  }
  const useful = engines.length === 0 && entry !== undefined ? availableParallelism() : 1;
  const worthwhile = rows === null ? Infinity : Math.floor(rows / ROWS_OF_A_START);
  return Math.max(1, Math.min(asked ?? Math.min(useful, worthwhile), partitions));
}

/** Told of every partition as it ends. What `failed` throws ends the job. */
export interface PartitionListener {
  committed(task: PartitionTask, result: PartitionResult): void;
  failed(task: PartitionTask, error: Error): void;
}

/**
 * Makes partitions in threads. Each thread takes the next partition when it has ended one; a thread that dies fails
 * the partition it was at, and another takes its place.
 * @param tasks in the order in which they are to begin
 * @param threads how many at the same time
 * @param options how they are started
 * @param listener told of every partition
 * @throws the error that ended the job, when every thread has stopped
 */
export async function runInThreads(
  tasks: readonly PartitionTask[],
  threads: number,
  options: ThreadOptions,
  listener: PartitionListener,
): Promise<void> {
  const queue = [...tasks];
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const work = async (): Promise<void> => {
    let thread: PartitionThread | null = null;
    try {
      for (let task = queue.shift(); task !== undefined && !signal.aborted; task = queue.shift()) {
        // It may have died between two partitions.
        if (thread?.alive !== true) thread = await PartitionThread.start({ ...options, signal });
        try {
          listener.committed(task, await thread.commit(task));
        } catch (error) {
          listener.failed(task, error as Error);
        }
      }
    } catch (error) {
      ending.abort(error);
      throw error;
    } finally {
      await thread?.end();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: threads }, work));
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  // The first to fail is the cause; the others were told to stop.
  if (ending.signal.aborted) throw ending.signal.reason;
  if (reasons.length > 0) throw reasons[0];
}
