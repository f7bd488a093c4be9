import type { PackedError } from '@hemline/core';
import type { ManifestFile } from '@hemline/stores';
import type { StageTimes } from './stages.ts';

/** Marks a thread that {@link PartitionThread} started. */
export const THREAD_KIND = 'hemline-partitions';

/** What a thread is started with. */
export interface ThreadData {
  readonly kind: typeof THREAD_KIND;
  /** Arguments of the job. */
  readonly argv: readonly string[];
  /** Model folder, unpacked; null where there is no model. */
  readonly folder: string | null;
  /** Folder of the data in place of the job's inputs; null: the inputs. */
  readonly dataset: string | null;
  /** URL of the output. */
  readonly output: string;
  /** How many threads there are. */
  readonly threads: number;
}

/** A partition to make. The digest says which data the main thread saw. */
export interface PartitionTask {
  readonly name: string;
  readonly inputHash: string;
}

/** To a thread. */
export type ThreadOrder =
  { readonly kind: 'commit'; readonly task: PartitionTask } | { readonly kind: 'stop' | 'end' };

/** From a thread. */
export type ThreadReport =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'committed' } & PartitionResult)
  /** Of the partition at hand, or of the thread's own preparation. */
  | { readonly kind: 'failed'; readonly error: PackedError };

/** A partition that was made and committed. */
export interface PartitionResult {
  readonly file: ManifestFile;
  readonly stages: StageTimes;
  /** From the first read to the entry. */
  readonly milliseconds: number;
}
