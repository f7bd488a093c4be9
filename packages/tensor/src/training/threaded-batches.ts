import { Worker } from 'node:worker_threads';
import { EngineError, InterruptedError, unpackError } from '@hemline/core';
import type { BatchParts, BatchSource } from './batch-source.ts';
import type { BatchReport, BatchThreadData } from './batch-thread.ts';

/** What a thread makes batches of. */
export interface ThreadedBatchesOptions<T> {
  /** A module whose default export is a `(data: T) => BatchSource`. */
  readonly module: URL;
  /** Plain data that structured clone takes; large arrays over shared memory (see {@link sharedCopy}). */
  readonly data: T;
  /** Batches there are: none from here on is made ahead. */
  readonly count: number;
  /** Batches that may wait to be taken; 2 by default. */
  readonly depth?: number;
  /** When it is raised, whoever waits for a batch is told. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly number: number;
  readonly resolve: (parts: BatchParts) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Batches that are made in a thread of their own, some ahead, while the one at hand is learnt from. As a batch depends on its
 * number and the data alone, the same come back as from the module on this thread, bit by bit.
 */
export class ThreadedBatches<Name extends string = string> implements BatchSource<Name> {
  readonly #worker: Worker;
  readonly #count: number;
  readonly #depth: number;
  readonly #signal: AbortSignal | undefined;
  readonly #ended: Promise<void>;
  /** Batches that were asked for, the oldest first: the thread makes them in this order. */
  #asked: { readonly number: number; readonly batch: Promise<BatchParts> }[] = [];
  #waiting: Waiting[] = [];
  #failure: Error | null = null;
  #isClosing = false;

  /** @param options module, data, depth */
  constructor({ module, data, count, depth = 2, signal }: ThreadedBatchesOptions<unknown>) {
    this.#count = count;
    this.#depth = depth;
    this.#signal = signal;
    const workerData: BatchThreadData = { module: module.href, data };
    this.#worker = new Worker(new URL('./batch-thread.ts', import.meta.url), { workerData });
    // A training that ends without closing must not keep the process alive.
    this.#worker.unref();
    this.#worker.on('message', (report: BatchReport) => this.#take(report));
    this.#worker.on('messageerror', (error: Error) => this.#fail(error));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(
          new EngineError('the thread that makes batches has ended', {
            expected: 'a thread that waits to be closed',
            found: `exit code ${code}`,
          }),
        );
        resolve();
      });
    });
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * @param number of the batch, from 0 on; cheapest in a row
   * @returns its parts
   * @throws InterruptedError when the signal is raised before the batch is there; whatever the module throws
   */
  async next(number: number): Promise<BatchParts<Name>> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#signal?.aborted === true) throw interrupted();
    // After a jump, what was made ahead is of no use.
    if (this.#asked[0]?.number !== number) this.#asked = [];
    for (let ahead = this.#asked.length; ahead <= this.#depth; ahead++)
      if (ahead === 0 || number + ahead < this.#count) this.#ask(number + ahead);
    // What names the parts have is the module's say.
    return this.#asked.shift()!.batch as Promise<BatchParts<Name>>;
  }

  /** Ends the thread. May be called twice. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#failure ??= new EngineError('the source of batches is closed');
    // Until the thread has ended, whatever batches still arrive: a process that has nothing else to do would end before.
    this.#isClosing = true;
    this.#worker.ref();
    await this.#worker.terminate();
    await this.#ended;
  }

  #ask(number: number): void {
    const batch = new Promise<BatchParts>((resolve, reject) => {
      this.#waiting.push({ number, resolve, reject });
    });
    // A batch that is never taken may fail unheard.
    batch.catch(() => undefined);
    this.#asked.push({ number, batch });
    this.#worker.ref();
    this.#worker.postMessage(number);
  }

  #take(report: BatchReport): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0 && !this.#isClosing) this.#worker.unref();
    if (waiting === undefined) return;
    if ('error' in report) waiting.reject(unpackError(report.error));
    else waiting.resolve(report.parts);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(this.#failure);
  }

  readonly #onAbort = (): void => {
    for (const { reject } of this.#waiting) reject(interrupted());
  };
}

function interrupted(): InterruptedError {
  return new InterruptedError('a batch was waited for when the job was asked to stop');
}
