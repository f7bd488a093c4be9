import { Worker } from 'node:worker_threads';
import { EngineError, unpackError } from '@hemline/core';
import type { DecodeTask, FromThread, ToThread } from './messages.ts';

type Answer = Extract<FromThread, { columns: unknown }>;

/** One thread that decodes row groups. It does not keep the process alive while it has nothing to do. */
class DecodeThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();
  #failure: Error | null = null;

  constructor() {
    this.#worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { name: 'parquet' });
    this.#worker.unref();
    this.#worker.on('message', (answer: FromThread) => this.#settle(answer));
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', (code) => this.#fail(new Error(`it ended with ${code}`)));
  }

  get pending(): number {
    return this.#waiting.size;
  }

  get isAlive(): boolean {
    return this.#failure === null;
  }

  post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  decode(task: DecodeTask): Promise<Answer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#waiting.size === 0) this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(task.id, { resolve, reject });
      this.post(task);
    });
  }

  #settle(answer: FromThread): void {
    const waiting = this.#waiting.get(answer.id)!;
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('error' in answer) waiting.reject(unpackError(answer.error));
    else waiting.resolve(answer);
  }

  #fail(cause: Error): void {
    this.#failure ??= new EngineError('a thread that decodes Parquet died', {
      found: cause.message,
      remedy: 'Read with fewer threads, or give the process more memory.',
      cause,
    });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

const threads: DecodeThread[] = [];

/**
 * Threads that decode, kept between files: starting one takes some ten milliseconds.
 * @param count of threads
 * @returns so many, alive, the least busy first
 */
export function decodeThreads(count: number): readonly DecodeThread[] {
  const alive = threads.filter((thread) => thread.isAlive);
  threads.splice(0, threads.length, ...alive);
  while (threads.length < count) threads.push(new DecodeThread());
  return threads.toSorted((a, b) => a.pending - b.pending).slice(0, count);
}
