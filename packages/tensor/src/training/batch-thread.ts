import { parentPort, workerData } from 'node:worker_threads';
import { packError, type PackedError } from '@hemline/core';
import type { BatchPart, BatchParts, BatchSource } from './batch-source.ts';

/** What the thread is started with. */
export interface BatchThreadData {
  /** Address of a module whose default export makes a source of batches of the data. */
  readonly module: string;
  readonly data: unknown;
}

/** A batch, or why there is none. */
export type BatchReport = { readonly parts: BatchParts } | { readonly error: PackedError };

// The thread of ThreadedBatches: makes the batches whose numbers it is told, in that order.
const { module, data } = workerData as BatchThreadData;
const source = open();
// Whoever asks is told.
source.catch(() => undefined);
let last: Promise<void> = Promise.resolve();

parentPort!.on('message', (number: number) => {
  last = last.then(() => make(number));
});

async function open(): Promise<BatchSource> {
  const { default: sourceOf } = (await import(module)) as { default: (data: unknown) => BatchSource };
  return sourceOf(data);
}

async function make(number: number): Promise<void> {
  try {
    const made = Object.entries(await (await source).next(number));
    const parts = Object.fromEntries(made.map(([name, part]) => [name, ownMemory(part)]));
    const buffers = [...new Set(Object.values(parts).map(({ values }) => values.buffer as ArrayBuffer))];
    parentPort!.postMessage({ parts } satisfies BatchReport, buffers);
  } catch (error) {
    parentPort!.postMessage({ error: packError(error) } satisfies BatchReport);
  }
}

/** The memory is handed over: what is only a part of an array, or shared, is copied first. */
function ownMemory({ shape, values }: BatchPart): BatchPart {
  const isWhole = values.buffer instanceof ArrayBuffer && values.byteLength === values.buffer.byteLength;
  return { shape, values: isWhole ? values : values.slice() };
}
