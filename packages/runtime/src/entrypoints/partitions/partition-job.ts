import { createHash } from 'node:crypto';
import { TABLES, type Batch, type Engine, type ModelInputs, type Schema, type Tables } from '@hemline/core';
import type { CommitHost, OutputPartition, Provenance } from '@hemline/stores';
import type { DatasetPartition } from '../../datasets/dataset.ts';
import type { ProcessingJob } from '../processing-job.ts';

/**
 * A job that makes a file of every partition: forecasts by a model, or features by a recipe. What is made is the job's; threads,
 * commits and restarts are the same for both.
 */
export interface PartitionJob extends ProcessingJob {
  /** What makes the rows, for messages. */
  readonly name: string;
  readonly engines: readonly Engine[];
  /** Tables and columns that are read. */
  readonly inputs: ModelInputs['predict'];
  /** Columns that are written. */
  readonly output: Schema;
  readonly provenance: Provenance;
  /** What the rows depend on besides data and arguments: part of the digest of each partition. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Model folder, unpacked, that a thread needs to open the job; null where there is no model. */
  readonly folder: string | null;
  /** Rows that a partition gives for each of its series, at most; null where that is not known. */
  readonly rowsPerSeries: number | null;
  /**
   * Loads what makes the rows: once a thread.
   * @returns the maker; to be disposed
   */
  load(): Promise<RowMaker>;
}

/** Makes the rows of partitions. */
export interface RowMaker {
  /**
   * @param request one partition
   * @returns its rows, in the columns of the job's output at least
   */
  rows(request: PartitionRequest): AsyncIterable<Batch>;
  /** Frees what is not garbage-collected. */
  dispose(): void;
}

/** What is known of a partition. */
export interface PartitionRequest {
  /** Active series with their attributes. */
  readonly items: Batch;
  /** The tables that the job reads, as of the cutoff. */
  readonly history: Tables;
  /** The weeks after the cutoff, in the columns that are known ahead; null where nothing is planned. */
  readonly plan: Batch | null;
}

/**
 * All partitions of the weekly table: sharded inputs are this host's own, file by file; replicated ones are those of all
 * hosts.
 * @param job what is done
 * @returns the partitions, sorted by name
 */
export function partitionsOf({
  dataset,
  context: { inputs },
}: Pick<PartitionJob, 'dataset' | 'context'>): readonly DatasetPartition[] {
  return inputs['weekly']?.sharded === true ? dataset.filePartitions : dataset.partitions;
}

/**
 * Where a partition's rows go.
 * @param partition of the dataset
 * @param inputHash digest of its inputs
 * @param stem of the file's name: the step
 * @returns the partition of the output
 */
export function outputPartition(
  { name, folder }: DatasetPartition,
  inputHash: string,
  stem: string,
): OutputPartition {
  return { name, folder, stem, inputHash };
}

/**
 * Digest of everything that a partition's rows depend on, and of the run: what another run committed is not ours.
 * @param job what is done
 * @param partition of the dataset
 * @returns hexadecimal SHA-256
 */
export function hashInputs(job: PartitionJob, partition: DatasetPartition): string {
  const { identity, cutoff, dataset, runId } = job;
  const { horizon, discounts, form, activeWeeks } = job.arguments;
  const others = dataset.tables.names.filter(
    (name) => name !== 'weekly' && (TABLES[name].knownAt === null || job.inputs[name] !== undefined),
  );
  const inputs = {
    run: runId,
    partition: partition.name,
    ...identity,
    cutoff,
    horizon,
    activeWeeks,
    discounts: form === 'curves' ? form : [...discounts],
    data: [partition.fingerprint, dataset.fingerprintOf(others)],
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * The hosts of a job as its output sees them.
 * @param job its context
 * @returns this host's name and those of all
 */
export function commitHost({ context: { hosts } }: Pick<PartitionJob, 'context'>): CommitHost {
  return { name: hosts.current, all: hosts.all };
}
