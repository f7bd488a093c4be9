import { PartitionThread, type ThreadOptions } from './partition-thread.ts';
import type { PartitionResult, PartitionTask } from './thread-messages.ts';

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
