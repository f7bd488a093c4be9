import { availableParallelism } from 'node:os';
import { ConfigurationError, type AnyModel } from '@hemline/core';

/**
 * Threads that a job's partitions are spread over. By default as many as there are cores for a model in pure TypeScript,
 * and one for a model with an engine, which has threads of its own.
 * @param model that forecasts
 * @param asked number of threads, if the job's arguments or environment give one
 * @param partitions to be forecast
 * @param entry module that threads can be started on, if there is one
 * @returns at least 1, at most one a partition
 * @throws ConfigurationError when threads are asked for and cannot be started
 */
export function threadCount(
  model: AnyModel,
  asked: number | null,
  partitions: number,
  entry: string | undefined,
): number {
  if (entry === undefined && asked !== null && asked > 1) {
    throw new ConfigurationError('threads cannot be started', {
      expected: 'a job that was started by its own entrypoint',
      found: 'a job within another program',
      remedy: 'Ask for one thread.',
    });
  }
  const wanted = asked ?? (model.engines.length === 0 && entry !== undefined ? availableParallelism() : 1);
  return Math.max(1, Math.min(wanted, partitions));
}
