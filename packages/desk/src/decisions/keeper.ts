import { Worker } from 'node:worker_threads';
import { EngineError, unpackError } from '@hemline/core';
import type { decisions } from '@hemline/hemline';
import type { Imported } from '../api/index.ts';
import type { KeeperRequest } from './keeper-messages.ts';
import type { OutboxBatch } from './outbox.ts';
import type { KeeperOptions, Published, ShopRows } from './store-keeper.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The store of decisions, kept folded in a thread of its own: the page is answered meanwhile. */
export class Keeper {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #ended: Error | null = null;

  /**
   * @param options place, dataset
   * @param weeks that decisions may be about
   */
  constructor(options: KeeperOptions, weeks: { readonly from: number; readonly to: number }) {
    this.#worker = new Worker(new URL('./keeper-thread.ts', import.meta.url), {
      workerData: { options, weeks },
    });
    this.#worker.on('message', ({ id, result, error }: { id: number; result: unknown; error?: unknown }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(unpackError(error as Parameters<typeof unpackError>[0]));
    });
    const end = (cause: unknown): void => {
      this.#ended ??= new EngineError('the thread that keeps the decisions has ended', { cause });
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
    };
    this.#worker.on('error', end).on('exit', end);
  }

  /** @returns the last segment */
  look(): Promise<number> {
    return this.#ask({ kind: 'look' });
  }

  /** @returns what became of a batch */
  publish(batch: OutboxBatch): Promise<Published> {
    return this.#ask({ kind: 'publish', batch });
  }

  /** @returns what the shop has prices of */
  inShop(week: number): Promise<ShopRows> {
    return this.#ask({ kind: 'in-shop', week });
  }

  /** @returns what was written */
  export(file: string): Promise<decisions.ExportDecisionsResult> {
    return this.#ask({ kind: 'export', file });
  }

  /** @returns what became of the rows of a file */
  import(file: string, by: string): Promise<Imported> {
    return this.#ask({ kind: 'import', file, by });
  }

  /** Ends the thread; what is being told is told again at the next start. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask<T>(request: KeeperRequest): Promise<T> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#asked++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ id, request });
    });
  }
}
