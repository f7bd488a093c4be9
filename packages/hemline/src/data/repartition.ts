import {
  repartition as repartitionDataset,
  type RepartitionOptions as Partitioning,
  type RepartitionSummary,
} from '@hemline/runtime';
import type { DataOptions, WorkOptions } from '../work-options.ts';

/** How a dataset is written anew. */
export interface RepartitionOptions
  extends DataOptions, WorkOptions, Pick<Partitioning, 'buckets' | 'memoryMib' | 'threads'> {
  /** New folder. */
  readonly out: string;
}

/**
 * Writes a dataset anew in partitions of whole series, sorted, however it is partitioned now.
 * @param options data, new folder, buckets, memory, threads
 * @returns rows and partitions
 * @throws ConfigurationError when the new folder exists
 */
export function repartition({
  data,
  out,
  onProgress,
  ...options
}: RepartitionOptions): Promise<RepartitionSummary> {
  return repartitionDataset(data, out, {
    ...options,
    onProgress: (event) => onProgress?.('repartition', event),
  });
}
