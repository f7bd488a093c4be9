import { formatWeek, throwIfAborted } from '@hemline/core';
import { OutputCommit, type ManifestFile } from '@hemline/stores';
import type { DatasetPartition } from '../datasets/dataset.ts';
import { commitHost } from './partitions/commit-host.ts';
import { forecastInThreads, type PartitionListener } from './partitions/forecast-in-threads.ts';
import { ForecastProgress } from './partitions/forecast-progress.ts';
import { PartitionForecaster, outputPartition, partitionsOf } from './partitions/partition-forecaster.ts';
import { hashInputs } from './partitions/partition-hash.ts';
import { threadCount } from './partitions/thread-count.ts';
import { THREAD_KIND, type PartitionTask } from './partitions/thread-messages.ts';
import { outputOf, provenanceOf, type ProcessingJob, type ProcessingModel } from './processing-job.ts';

/** Entries of earlier starts read at the same time. */
const LOOKUPS = 16;

/**
 * Forecasts this host's partitions, each committed by itself, spread over threads. Those that an earlier start committed
 * are skipped. A bad partition fails the job after the others are done; a store that fails ends it at once.
 * @param job what to forecast with
 * @throws PartitionsError that lists the partitions that failed
 */
export async function forecastPartitions(job: ProcessingJob): Promise<void> {
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
  await forecastTasks(job, output, tasks, partitions.length);
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
 * @param job what would be forecast with
 */
export async function forecastNothing(job: ProcessingModel): Promise<void> {
  job.telemetry.info('this host was given no partition: its manifest is empty');
  await (await openOutput(job)).finish(null);
}

function openOutput(job: ProcessingModel): Promise<OutputCommit> {
  return OutputCommit.open(
    outputOf(job, job.arguments.step),
    provenanceOf(job),
    commitHost(job.context.hosts),
  );
}

/** What there is still to do, largest first: the longest must not begin last. */
async function findTasks(
  job: ProcessingJob,
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

async function forecastTasks(
  job: ProcessingJob,
  output: OutputCommit,
  tasks: readonly PartitionTask[],
  total: number,
): Promise<void> {
  const { telemetry, signal, entry, environment, argv, folder } = job;
  if (tasks.length === 0) return;
  const threads = threadCount(job.model, job.arguments.threads, tasks.length, entry);
  const progress = new ForecastProgress(job, total, total - tasks.length, threads);
  telemetry.info(`${tasks.length} partitions in ${threads} threads`);
  if (threads === 1) {
    await forecastHere(job, output, tasks, progress);
  } else {
    const data = {
      kind: THREAD_KIND,
      argv,
      folder,
      dataset: job.scratch ?? null,
      output: output.store.url,
    } as const;
    await forecastInThreads(
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
async function forecastHere(
  job: ProcessingJob,
  output: OutputCommit,
  tasks: readonly PartitionTask[],
  listener: PartitionListener,
): Promise<void> {
  const forecaster = await PartitionForecaster.load(job, output);
  try {
    for (const task of tasks) {
      try {
        listener.committed(task, await forecaster.forecast(task));
      } catch (error) {
        listener.failed(task, error as Error);
      }
    }
  } finally {
    forecaster.dispose();
  }
}
