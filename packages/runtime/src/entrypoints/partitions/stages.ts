import type { Batch, Table } from '@hemline/core';
import type { CommitTimings } from '@hemline/stores';

/** What the time of a partition goes into. */
export const STAGES = ['read', 'predict', 'check', 'encode', 'compress', 'write'] as const;
/** One of them. */
export type Stage = (typeof STAGES)[number];
/** Milliseconds of each. */
export type StageTimes = Readonly<Record<Stage, number>>;

/**
 * Adds up stages.
 * @param a one
 * @param b the other
 * @returns the sum of each stage
 */
export function addStages(a: StageTimes, b: StageTimes): StageTimes {
  return Object.fromEntries(STAGES.map((stage) => [stage, a[stage] + b[stage]])) as Record<Stage, number>;
}

/** No time at all. */
export const NO_TIME: StageTimes = { read: 0, predict: 0, check: 0, encode: 0, compress: 0, write: 0 };

/** Measures the stages of one partition, which is a pipeline: one batch at a time is read, forecast, checked and written. */
export class StageClock {
  #read = 0;
  #predict = 0;
  #check = 0;
  #readers = 0;
  #readSince = 0;

  /**
   * A table whose reads are measured; several at once count once.
   * @param table any
   * @returns a table that reads through
   */
  table(table: Table): Table {
    return {
      name: table.name,
      schema: table.schema,
      batches: (options) => this.#reading(table.batches(options)),
    };
  }

  /**
   * Forecasts whose making is measured, less the reading it waits for.
   * @param batches of a model
   * @yields the same batches
   */
  async *predicting(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    const iterator = batches[Symbol.asyncIterator]();
    try {
      for (;;) {
        const result = await this.preparing(() => iterator.next());
        if (result.done === true) return;
        yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  /**
   * Counts work as forecasting, less the reading it waits for.
   * @param work to measure
   * @returns what the work gives
   */
  async preparing<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const read = this.#readSoFar(began);
    try {
      return await work();
    } finally {
      const ended = performance.now();
      this.#predict += ended - began - (this.#readSoFar(ended) - read);
    }
  }

  /**
   * Counts work as checking.
   * @param work to measure
   * @returns what the work gives
   */
  checking<T>(work: () => T): T {
    const began = performance.now();
    try {
      return work();
    } finally {
      this.#check += performance.now() - began;
    }
  }

  /**
   * Everything measured, with what the commit took.
   * @param commit of the partition
   * @returns milliseconds of each stage
   */
  times({ encodeMs, compressMs, writeMs }: CommitTimings): StageTimes {
    return {
      read: this.#read,
      predict: this.#predict,
      check: this.#check,
      encode: encodeMs,
      compress: compressMs,
      write: writeMs,
    };
  }

  async *#reading(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    const iterator = batches[Symbol.asyncIterator]();
    try {
      for (;;) {
        if (this.#readers++ === 0) this.#readSince = performance.now();
        let result: IteratorResult<Batch>;
        try {
          result = await iterator.next();
        } finally {
          if (--this.#readers === 0) this.#read += performance.now() - this.#readSince;
        }
        if (result.done === true) return;
        yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  #readSoFar(now: number): number {
    return this.#read + (this.#readers > 0 ? now - this.#readSince : 0);
  }
}
