import { Worker } from 'node:worker_threads';
import { unpackError } from '@hemline/core';
import { ThreadEndedError } from './failures.ts';
import type {
  PartitionResult,
  PartitionTask,
  ThreadData,
  ThreadOrder,
  ThreadReport,
} from './thread-messages.ts';

/** Milliseconds that a thread has to free its model before it is ended. */
const FAREWELL_MILLISECONDS = 10_000;

/** How threads are started. */
export interface ThreadOptions {
  /** The job's own entry module: in a thread, `processJob` makes partitions. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly data: ThreadData;
  /** When raised, the thread stops between two batches. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly partition: string | null;
  readonly resolve: (report: ThreadReport) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that makes partitions, one at a time, as the main thread sees it. */
export class PartitionThread {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #ended: Promise<void>;
  readonly #stop = (): void => this.#order({ kind: 'stop' });
  #waiting: Waiting | null = null;
  #cause: Error | undefined;
  #alive = true;

  private constructor({ entry, environment, data, signal }: ThreadOptions) {
    this.#signal = signal;
    this.#worker = new Worker(entry, { argv: [...data.argv], env: environment, workerData: data });
    this.#worker.on('message', (report: ThreadReport) => this.#settle((waiting) => waiting.resolve(report)));
    this.#worker.on('messageerror', (error) => this.#settle((waiting) => waiting.reject(error)));
    // 'exit' follows.
    this.#worker.on('error', (error: Error) => (this.#cause = error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#alive = false;
        this.#signal.removeEventListener('abort', this.#stop);
        this.#settle(({ partition, reject }) => reject(new ThreadEndedError(partition, this.#cause, code)));
        resolve();
      });
    });
    signal.addEventListener('abort', this.#stop, { once: true });
    if (signal.aborted) this.#stop();
  }

  /**
   * Starts a thread and waits until it has loaded the model.
   * @param options entry, environment, data, signal
   * @returns the thread
   * @throws the error that kept it from being ready
   */
  static async start(options: ThreadOptions): Promise<PartitionThread> {
    const thread = new PartitionThread(options);
    const report = await thread.#report(null);
    if (report.kind === 'failed') {
      await thread.end();
      throw unpackError(report.error);
    }
    return thread;
  }

  /** Whether it can take another partition. */
  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Makes and commits a partition.
   * @param task which
   * @returns what was written
   * @throws the error of the partition; ThreadEndedError when the thread ended, then it is no longer alive
   */
  async commit(task: PartitionTask): Promise<PartitionResult> {
    const reported = this.#report(task.name);
    this.#order({ kind: 'commit', task });
    const report = await reported;
    if (report.kind === 'failed') throw unpackError(report.error);
    if (report.kind === 'committed') return report;
    throw new TypeError(`a thread reported ${report.kind} instead of a partition`);
  }

  /** Lets the thread free its model and end; a deaf one is ended. */
  async end(): Promise<void> {
    this.#order({ kind: 'end' });
    const timer = setTimeout(() => void this.#worker.terminate(), FAREWELL_MILLISECONDS);
    await this.#ended;
    clearTimeout(timer);
  }

  #order(order: ThreadOrder): void {
    this.#worker.postMessage(order);
  }

  #report(partition: string | null): Promise<ThreadReport> {
    return new Promise((resolve, reject) => {
      if (this.#alive) this.#waiting = { partition, resolve, reject };
      else reject(new ThreadEndedError(partition, this.#cause, 0));
    });
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) settle(waiting);
  }
}
