import { formatWeek, throwIfAborted } from '@hemline/core';
import { OutputCommit, type ManifestFile } from '@hemline/stores';
import type { DatasetPartition } from '../../datasets/dataset.ts';
import { outputOf } from '../processing-job.ts';
import { commitHost, hashInputs, outputPartition, partitionsOf, type PartitionJob } from './partition-job.ts';
import { PartitionProgress } from './partition-progress.ts';
import { PartitionWorker } from './partition-worker.ts';
import { runInThreads, threadCount, type PartitionListener } from './threads.ts';
import { THREAD_KIND, type PartitionTask } from './thread-messages.ts';

/** Entries of earlier starts read at the same time. */
const LOOKUPS = 16;

/** What an output is opened by. */
type OutputJob = Pick<PartitionJob, 'context' | 'arguments' | 'provenance' | 'telemetry'>;

/**
 * Makes this host's partitions, each committed by itself, spread over threads. Those that an earlier start committed
 * are skipped. A bad partition fails the job after the others are done; a store that fails ends it at once.
 * @param job what is done
 * @param series of all partitions; null where nobody has counted them
 * @throws PartitionsError that lists the partitions that failed
 */
export async function runPartitions(job: PartitionJob, series: number | null): Promise<void> {
  const { context, dataset, telemetry } = job;
  const { hosts } = context;
  const everyHosts = partitionsOf(job);
  const isSharded = context.inputs['weekly']?.sharded === true;
  const partitions = isSharded
    ? everyHosts
    : everyHosts.filter((_, i) => i % hosts.all.length === hosts.index);
  const output = await openOutput(job);
  const { tasks, earlier } = await findTasks(job, output, partitions);
  telemetry.info(`${job.arguments.step} of ${partitions.length} of ${dataset.partitions.length} partitions`, {
    cutoff: formatWeek(job.cutoff),
    horizon: job.arguments.horizon,
    committedBefore: earlier.length,
  });
  if (tasks.length > 0) await output.reopen();
  const threads = threadsFor(job, tasks, everyHosts, series);
  await runTasks(job, output, tasks, { total: partitions.length, threads });
  // What other hosts were dealt of sharded inputs is not known here.
  const known = isSharded && hosts.all.length > 1 ? null : everyHosts.map(({ name }) => name);
  const { files } = await output.finish(known);
  telemetry.metric(
    `${job.arguments.step}_rows`,
    files.reduce((sum, { rows }) => sum + rows, 0),
  );
}

/**
 * The output of a host that was given no partition: without its manifest the output would look incomplete.
 * @param job what would be done
 */
export async function commitNothing(job: OutputJob): Promise<void> {
  job.telemetry.info('this host was given no partition: its manifest is empty');
  await (await openOutput(job)).finish(null);
}

function openOutput(job: OutputJob): Promise<OutputCommit> {
  return OutputCommit.open(outputOf(job, job.arguments.step), job.provenance, commitHost(job));
}

/** What there is still to do, largest first: the longest must not begin last. */
async function findTasks(
  job: PartitionJob,
  output: OutputCommit,
  partitions: readonly DatasetPartition[],
): Promise<{ tasks: PartitionTask[]; earlier: ManifestFile[] }> {
  const tasks: PartitionTask[] = [];
  const earlier: ManifestFile[] = [];
  const queue = partitions.toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  for (let start = 0; start < queue.length; start += LOOKUPS) {
    throwIfAborted(job.signal);
    const looked = queue.slice(start, start + LOOKUPS).map(async (partition) => {
      const inputHash = hashInputs(job, partition);
      const file = await output.committed(outputPartition(partition, inputHash, job.arguments.step));
      return { file, task: { name: partition.name, inputHash } };
    });
    for (const { file, task } of await Promise.all(looked))
      if (file === null) tasks.push(task);
      else earlier.push(file);
  }
  return { tasks, earlier };
}

/** As many as there is work for: how much is told by the share of the series that the tasks have. */
function threadsFor(
  job: PartitionJob,
  tasks: readonly PartitionTask[],
  everyHosts: readonly DatasetPartition[],
  series: number | null,
): number {
  const names = new Set(tasks.map(({ name }) => name));
  const bytesOf = (some: readonly DatasetPartition[]): number =>
    some.reduce((sum, { bytes }) => sum + bytes, 0);
  const share = bytesOf(everyHosts.filter(({ name }) => names.has(name))) / bytesOf(everyHosts);
  return threadCount(job.engines, {
    asked: job.arguments.threads,
    partitions: tasks.length,
    entry: job.entry,
    rows: series === null || job.rowsPerSeries === null ? null : series * share * job.rowsPerSeries,
  });
}

async function runTasks(
  job: PartitionJob,
  output: OutputCommit,
  tasks: readonly PartitionTask[],
  { total, threads }: { readonly total: number; readonly threads: number },
): Promise<void> {
  const { telemetry, signal, entry, environment, argv, folder } = job;
  if (tasks.length === 0) return;
  const progress = new PartitionProgress(job, total, total - tasks.length, threads);
  telemetry.info(`${tasks.length} partitions in ${threads} threads`);
  if (threads === 1) {
    await runHere(job, output, tasks, progress);
  } else {
    const data = {
      kind: THREAD_KIND,
      argv,
      folder,
      dataset: job.scratch ?? null,
      output: output.store.url,
      threads,
    } as const;
    await runInThreads(
      tasks,
      threads,
      { entry: entry!, environment, data, signal },
      {
        committed: (task, result) => {
          output.add(result.file);
          progress.committed(task, result);
        },
        failed: (task, error) => progress.failed(task, error),
      },
    );
  }
  throwIfAborted(signal);
  progress.end();
}

/** One thread needs no other: no second copy of anything. */
async function runHere(
  job: PartitionJob,
  output: OutputCommit,
  tasks: readonly PartitionTask[],
  listener: PartitionListener,
): Promise<void> {
  const worker = await PartitionWorker.load(job, output, 1);
  try {
    for (const task of tasks) {
      try {
        listener.committed(task, await worker.commit(task));
      } catch (error) {
        listener.failed(task, error as Error);
      }
    }
  } finally {
    worker.dispose();
  }
}
