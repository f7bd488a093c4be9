import { setImmediate as breathe } from 'node:timers/promises';
import {
  Batch,
  DataError,
  TABLES,
  Tables,
  collect,
  columnOnDisk,
  itemsOf,
  memoryTable,
  throwIfAborted,
  type Field,
  type Schema,
  type Table,
  type TableInput,
  type TableName,
} from '@hemline/core';
import type { OutputCommit } from '@hemline/stores';
import type { DatasetPartition } from '../../datasets/dataset.ts';
import { checkRows } from './check-rows.ts';
import {
  hashInputs,
  outputPartition,
  partitionsOf,
  type PartitionJob,
  type RowMaker,
} from './partition-job.ts';
import { readPartitionRows } from './partition-rows.ts';
import { StageClock } from './stages.ts';
import type { PartitionResult, PartitionTask } from './thread-messages.ts';

/** Bytes of weekly rows that all threads together hold at most. */
const HELD_BYTES = 2 ** 30;

/**
 * Makes and commits partitions, one at a time: what a thread does. Holds the model, the attribute tables, and the weekly rows of the
 * partition at hand where they fit.
 */
export class PartitionWorker {
  readonly #job: PartitionJob;
  readonly #maker: RowMaker;
  readonly #output: OutputCommit;
  readonly #partitions: ReadonlyMap<string, DatasetPartition>;
  /** Read once: every partition joins them. */
  readonly #attributes: ReadonlyMap<TableName, Table>;
  readonly #heldBytes: number;

  private constructor(
    job: PartitionJob,
    maker: RowMaker,
    output: OutputCommit,
    attributes: ReadonlyMap<TableName, Table>,
    heldBytes: number,
  ) {
    this.#job = job;
    this.#maker = maker;
    this.#output = output;
    this.#attributes = attributes;
    this.#heldBytes = heldBytes;
    this.#partitions = new Map(partitionsOf(job).map((partition) => [partition.name, partition]));
  }

  /**
   * Loads the model and the attribute tables.
   * @param job what is done
   * @param output where the rows go
   * @param threads that share the memory
   * @returns the worker; to be disposed
   */
  static async load(job: PartitionJob, output: OutputCommit, threads: number): Promise<PartitionWorker> {
    const attributes = new Map<TableName, Table>();
    for (const name of ['articles', 'markets'] as const) {
      const table = job.dataset.tables.find(name);
      if (table !== undefined)
        attributes.set(name, memoryTable(name, [await collect(table, { signal: job.signal })]));
    }
    return new PartitionWorker(job, await job.load(), output, attributes, HELD_BYTES / threads);
  }

  /**
   * Makes and commits a partition.
   * @param task which
   * @returns what was written
   * @throws DataError for its data, ModelError for what the model made of them
   */
  async commit({ name, inputHash }: PartitionTask): Promise<PartitionResult> {
    const began = performance.now();
    throwIfAborted(this.#job.signal);
    const partition = this.#partitions.get(name);
    if (partition === undefined || hashInputs(this.#job, partition) !== inputHash) {
      throw new DataError('the data changed while the job was running', {
        expected: `input digest ${inputHash}`,
        found: partition === undefined ? 'no such partition' : hashInputs(this.#job, partition),
        where: { partition: name },
        remedy: 'Start the job again, and leave its inputs alone while it runs.',
      });
    }
    const clock = new StageClock();
    const { file, timings } = await this.#output.commitPartition(
      outputPartition(partition, inputHash, this.#job.arguments.step),
      this.#batches(partition, clock),
      diskSchema(this.#job.output),
    );
    return { file, stages: clock.times(timings), milliseconds: performance.now() - began };
  }

  /** Frees the model. */
  dispose(): void {
    this.#maker.dispose();
  }

  async *#batches(partition: DatasetPartition, clock: StageClock): AsyncGenerator<Batch> {
    const { output, signal } = this.#job;
    const { weekly, active, plan } = await clock.preparing(() => this.#read(partition, clock));
    const keys = memoryTable('weekly', [active]);
    const items = await itemsOf(keys, this.#attributes.get('articles'), this.#attributes.get('markets'));
    const history = this.#history(partition, weekly, clock);
    let row = 0;
    for await (const batch of clock.predicting(this.#maker.rows({ items, history, plan }))) {
      // Signals and messages are only heard between turns of the event loop.
      await breathe();
      throwIfAborted(signal);
      clock.checking(() => checkRows(this.#job, partition.name, batch, row));
      row += batch.length;
      yield toDisk(batch, output);
    }
  }

  #read(partition: DatasetPartition, clock: StageClock) {
    const { cutoff, signal, inputs, arguments: given } = this.#job;
    return readPartitionRows(clock.table(partition.weekly), {
      ...{ cutoff, horizon: given.horizon, activeWeeks: given.activeWeeks, signal },
      columns: columnsOf(inputs.weekly, partition.weekly.schema),
      mostBytes: this.#heldBytes,
    });
  }

  /** The tables that the job reads, as of the cutoff. */
  #history(partition: DatasetPartition, weekly: Table, clock: StageClock): Tables {
    const { inputs, dataset, cutoff } = this.#job;
    const declared = dataset.tables.names.filter((name) => inputs[name] !== undefined);
    return new Tables(
      declared.map((name) =>
        name === 'weekly'
          ? weekly
          : (this.#attributes.get(name) ?? clock.table(dataset.tableOf(partition, name))),
      ),
    ).asOf(cutoff);
  }
}

/** The columns that a declared table has: those named, and the owner's covariates where they are asked for. */
function columnsOf(input: TableInput | undefined, { fields }: Schema): string[] {
  if (input === undefined) return [];
  const isCovariate = (name: string): boolean => !TABLES.weekly.roles.some((role) => role.name === name);
  return fields
    .map(({ name }) => name)
    .filter(
      (name) =>
        input.required.includes(name) ||
        input.optional?.includes(name) === true ||
        (input.covariates === true && isCovariate(name)),
    );
}

function toDisk(batch: Batch, schema: Schema): Batch {
  return new Batch(
    new Map(schema.fields.map(({ name }) => [columnOnDisk(name), batch.column(name)])),
    batch.length,
  );
}

function diskSchema(schema: Schema): Schema {
  return { fields: schema.fields.map((field): Field => ({ ...field, name: columnOnDisk(field.name) })) };
}
