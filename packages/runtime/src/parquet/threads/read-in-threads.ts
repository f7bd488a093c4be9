import { Batch, throwIfAborted } from '@hemline/core';
import type { GroupPlace } from '../footer/read-footer.ts';
import type { GroupRequest } from '../read/read-group.ts';
import { decodeThreads } from './decode-pool.ts';

/** One is decoded, and one waits, so that no thread does. */
const TASKS_A_THREAD = 2;

let sessions = 0;
let tasks = 0;

/**
 * Decodes row groups in several threads. Batches keep their order; at most two row groups a thread are in memory, and the
 * one that is used.
 * @param file path or URL that the threads open
 * @param request columns and filters
 * @param groups to read, in this order
 * @param count of threads
 * @param signal stops between row groups
 * @yields a batch per row group that has matching rows
 */
export async function* readInThreads(
  file: string,
  request: GroupRequest,
  groups: readonly GroupPlace[],
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const threads = decodeThreads(count);
  const session = sessions++;
  const columns = request.columns.map(({ name }) => name);
  const filters = request.filters.map(({ column, from, to }) => ({ column: column.name, from, to }));
  const start = (position: number): Promise<Batch | null> => {
    const task = { id: tasks++, file, session, rowGroup: groups[position]!.index, columns, filters };
    const answer = threads[position % count]!.decode(task).then((decoded) =>
      decoded.length === 0 ? null : new Batch(new Map(decoded.columns), decoded.length),
    );
    answer.catch(() => undefined);
    return answer;
  };
  const ahead = TASKS_A_THREAD * count;
  const inFlight = groups.slice(0, ahead).map((_, position) => start(position));
  try {
    for (let next = ahead; inFlight.length > 0; next++) {
      throwIfAborted(signal);
      const batch = await inFlight.shift()!;
      if (next < groups.length) inFlight.push(start(next));
      if (batch !== null) yield batch;
    }
  } finally {
    await Promise.allSettled(inFlight);
    for (const thread of threads) if (thread.isAlive) thread.post({ endOf: session });
  }
}
