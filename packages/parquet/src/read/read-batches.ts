import { throwIfAborted, type Batch } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import type { Footer, GroupPlace } from '../footer/read-footer.ts';
import { decodeGroup, fetchGroup, type FetchedGroup, type GroupRequest } from './read-group.ts';

/**
 * Reads row groups one after the other. The next one's bytes are fetched while one is decoded and used: at most two are
 * in memory in compressed form.
 * @param source of the file
 * @param footer of the file
 * @param groups to read, in this order
 * @param request columns and filters
 * @param signal stops between row groups
 * @yields a batch per row group that has matching rows
 */
export async function* readBatches(
  source: ByteSource,
  footer: Footer,
  groups: readonly GroupPlace[],
  request: GroupRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const fetch = (position: number): Promise<FetchedGroup | null> | null => {
    const group = groups[position];
    if (group === undefined) return null;
    const fetched = fetchGroup(source, footer, group, request);
    // Its failure is told when its turn comes, if it comes.
    fetched.catch(() => undefined);
    return fetched;
  };
  let coming = fetch(0);
  try {
    for (let position = 0; coming !== null; position++) {
      throwIfAborted(signal);
      const fetched: FetchedGroup | null = await coming;
      coming = fetch(position + 1);
      const batch = fetched === null ? null : decodeGroup(source.name, fetched, request);
      if (batch !== null) yield batch;
    }
  } finally {
    // The source must not be closed under a read.
    await coming?.catch(() => undefined);
  }
}
