import { packError, type PackedError, type ProgressEvent } from '@hemline/core';
import { peakMemoryBytes } from '../telemetry/peak-memory.ts';

/** What a process of a pool is told. */
export type ToProcess<Opening, Task> =
  { readonly kind: 'open'; readonly opening: Opening } | { readonly kind: 'task'; readonly task: Task };

/** What it answers. */
export type FromProcess<Result> =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'done'; readonly result: Result; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly error: PackedError };

/** Tells the process that started this one how far a task is. */
export type TellProgress = (event: ProgressEvent) => void;

/**
 * All that a process of a {@link ProcessPool} does: it does one task after the other, as it is told over its channel. Ends with the process that
 * started it.
 * @param open makes what all tasks are done with of what the pool was given; an error is told with the first task
 * @param work does a task
 */
export function serveTasks<Opening, Task, Result, Opened>(
  open: (opening: Opening) => Opened | Promise<Opened>,
  work: (task: Task, opened: Opened, tell: TellProgress) => Promise<Result>,
): void {
  const answer = (message: FromProcess<Result>): void => void process.send!(message);
  let opened: Promise<Opened>;
  // A terminal signals the whole group: whether and when to end is decided by the process that started this one.
  process.on('SIGINT', () => undefined);
  // It was killed: nobody waits for the result.
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToProcess<Opening, Task>) => {
    if (message.kind === 'open') {
      opened = Promise.resolve(message.opening).then(open);
      opened.catch(() => undefined);
      return;
    }
    opened
      .then((ready) => work(message.task, ready, (event) => answer({ kind: 'progress', event })))
      .then(
        (result) => answer({ kind: 'done', result, peakBytes: peakMemoryBytes() }),
        (error: unknown) => answer({ kind: 'failed', error: packError(error) }),
      );
  });
}
