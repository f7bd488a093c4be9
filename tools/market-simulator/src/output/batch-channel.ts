import type { Batch } from '@hemline/core';

/**
 * Hands batches from a producer that does not wait to a consumer that iterates. The producer bounds what is queued by
 * waiting for {@link idle} from time to time.
 */
export class BatchChannel implements AsyncIterable<Batch> {
  readonly #queue: Batch[] = [];
  #closed = false;
  #failure: { readonly reason: unknown } | null = null;
  #wakeConsumer: (() => void) | null = null;
  #wakeProducer: (() => void) | null = null;

  /**
   * Queues a batch.
   * @param batch to be consumed after those before it
   */
  push(batch: Batch): void {
    this.#queue.push(batch);
    this.#wake();
  }

  /** Ends the iteration after what is queued. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /**
   * Ends the iteration with an error, at once.
   * @param reason what the consumer is to throw
   */
  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake();
  }

  /** @returns when the consumer has taken all that is queued and asks for more */
  async idle(): Promise<void> {
    if (this.#wakeConsumer !== null && this.#queue.length === 0) return;
    await new Promise<void>((resolve) => (this.#wakeProducer = resolve));
  }

  /** @yields batches in the order in which they were pushed */
  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.reason;
      const batch = this.#queue.shift();
      if (batch !== undefined) {
        yield batch;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeConsumer = resolve;
          this.#wakeProducer?.();
          this.#wakeProducer = null;
        });
      }
    }
  }

  #wake(): void {
    this.#wakeConsumer?.();
    this.#wakeConsumer = null;
  }
}
