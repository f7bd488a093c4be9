import { parentPort } from 'node:worker_threads';
import { packError } from '@hemline/core';
import { openSource } from '../../stores/index.ts';
import type { ByteSource } from '../../stores/store.ts';
import { findTypedColumn } from '../footer/file-columns.ts';
import { readFooter, type Footer } from '../footer/read-footer.ts';
import { typedFilter } from '../read/range-filter.ts';
import { decodeGroup, fetchGroup } from '../read/read-group.ts';
import type { DecodeTask, FromThread, ToThread } from './messages.ts';

/** Files held open, by session. */
const open = new Map<number, Promise<{ source: ByteSource; footer: Footer }>>();

async function openFile(file: string): Promise<{ source: ByteSource; footer: Footer }> {
  const source = await openSource(file);
  return { source, footer: await readFooter(source) };
}

async function decode(task: DecodeTask): Promise<FromThread> {
  const opened = open.get(task.session) ?? openFile(task.file);
  open.set(task.session, opened);
  const { source, footer } = await opened;
  const { columns } = footer;
  const request = {
    columns: task.columns.map((name) => findTypedColumn(task.file, columns, name)),
    filters: task.filters.map((filter) =>
      typedFilter(filter, findTypedColumn(task.file, columns, filter.column), task.file),
    ),
  };
  const fetched = await fetchGroup(source, footer, footer.groups[task.rowGroup]!, request);
  const batch = fetched === null ? null : decodeGroup(task.file, fetched, request);
  return { id: task.id, length: batch?.length ?? 0, columns: [...(batch?.columns ?? [])] };
}

/** Memory that is handed over with an answer instead of copied. */
function buffersOf(answer: FromThread): ArrayBuffer[] {
  if ('error' in answer) return [];
  const views = answer.columns.flatMap(([, { values, validity }]) => [values, validity ?? []].flat());
  return [...new Set(views.map((view) => (view as Uint8Array<ArrayBuffer>).buffer))];
}

parentPort!.on('message', (message: ToThread) => {
  if ('endOf' in message) {
    const opened = open.get(message.endOf);
    open.delete(message.endOf);
    void opened?.then(({ source }) => source.close()).catch(() => undefined);
    return;
  }
  decode(message).then(
    (answer) => parentPort!.postMessage(answer, buffersOf(answer)),
    (error: unknown) =>
      parentPort!.postMessage({ id: message.id, error: packError(error) } satisfies FromThread),
  );
});
