import { availableParallelism } from 'node:os';
import { ConfigurationError, type Engine } from '@hemline/core';

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
