import { setImmediate as breathe } from 'node:timers/promises';
import {
  Batch,
  DataError,
  SchemaError,
  TABLES,
  Tables,
  addWeeks,
  betweenWeeks,
  checkBatch,
  collect,
  columnOnDisk,
  isValid,
  itemsOf,
  memoryTable,
  throwIfAborted,
  weeksAhead,
  type Field,
  type FittedModel,
  type Float32Column,
  type Float64Column,
  type Schema,
  type Table,
  type TableName,
} from '@hemline/core';
import { knownAheadColumns } from '@hemline/evaluation';
import type { OutputCommit, OutputPartition } from '@hemline/stores';
import type { DatasetPartition } from '../../datasets/dataset.ts';
import { ModelError } from '../model-error.ts';
import type { ProcessingJob } from '../processing-job.ts';
import { hashInputs } from './partition-hash.ts';
import { StageClock } from './stages.ts';
import type { PartitionResult, PartitionTask } from './thread-messages.ts';

/** Forecasts partitions, one at a time, and commits each: what a thread does. Holds the model and the attribute tables. */
export class PartitionForecaster {
  readonly #job: ProcessingJob;
  readonly #fitted: FittedModel;
  readonly #output: OutputCommit;
  readonly #partitions: ReadonlyMap<string, DatasetPartition>;
  /** Read once: every partition joins them. */
  readonly #attributes: ReadonlyMap<TableName, Table>;

  private constructor(
    job: ProcessingJob,
    fitted: FittedModel,
    output: OutputCommit,
    attributes: ReadonlyMap<TableName, Table>,
  ) {
    this.#job = job;
    this.#fitted = fitted;
    this.#output = output;
    this.#attributes = attributes;
    this.#partitions = new Map(partitionsOf(job).map((partition) => [partition.name, partition]));
  }

  /**
   * Loads the model and the attribute tables.
   * @param job what to forecast with
   * @param output where forecasts go
   * @returns the forecaster; to be disposed
   */
  static async load(job: ProcessingJob, output: OutputCommit): Promise<PartitionForecaster> {
    const attributes = new Map<TableName, Table>();
    for (const name of ['articles', 'markets'] as const) {
      const table = job.dataset.tables.find(name);
      if (table !== undefined)
        attributes.set(name, memoryTable(name, [await collect(table, { signal: job.signal })]));
    }
    return new PartitionForecaster(job, await job.model.load(job.artifact), output, attributes);
  }

  /**
   * Forecasts and commits a partition.
   * @param task which
   * @returns what was written
   * @throws DataError for its data, ModelError for what the model made of them
   */
  async forecast({ name, inputHash }: PartitionTask): Promise<PartitionResult> {
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
      diskSchema(outputSchema(this.#job)),
    );
    return { file, stages: clock.times(timings), milliseconds: performance.now() - began };
  }

  /** Frees the model. */
  dispose(): void {
    this.#fitted.dispose();
  }

  async *#batches(partition: DatasetPartition, clock: StageClock): AsyncGenerator<Batch> {
    const { model, cutoff, signal, arguments: given } = this.#job;
    const { horizon, discounts, form, batchRows } = given;
    const weekly = clock.table(partition.weekly);
    const { items, plan } = await clock.preparing(() => this.#readItems(weekly));
    const weeks = weeksAhead(cutoff, horizon);
    const history = this.#history(partition, weekly, clock);
    const request = { cutoff, items, history, batchRows, signal };
    const forecasts =
      form === 'curves'
        ? this.#fitted.curves!({ ...request, weeks, plan })
        : this.#fitted.predict({ ...request, scenarios: { kind: 'grid', weeks, discounts, plan } });
    const output = outputSchema(this.#job);
    let row = 0;
    for await (const batch of clock.predicting(forecasts)) {
      // Signals and messages are only heard between turns of the event loop.
      await breathe();
      throwIfAborted(signal);
      clock.checking(() => checkForecasts(model, output, partition.name, batch, row));
      row += batch.length;
      yield toDisk(batch, output);
    }
  }

  async #readItems(weekly: Table): Promise<{ items: Batch; plan: Batch | null }> {
    const { cutoff, arguments: given } = this.#job;
    const end = addWeeks(cutoff, given.horizon);
    const knownAt = TABLES.weekly.knownAt!;
    const active = betweenWeeks(weekly, knownAt, addWeeks(cutoff, -given.activeWeeks), end);
    const items = await itemsOf(active, this.#attributes.get('articles'), this.#attributes.get('markets'));
    // The rows after the cutoff, in the columns that are known ahead.
    const columns = knownAheadColumns(weekly.schema);
    const plan = await collect(betweenWeeks(weekly, knownAt, cutoff, end), { columns });
    return { items, plan: plan.length === 0 ? null : plan };
  }

  /** The tables that the model declares, as of the cutoff. */
  #history(partition: DatasetPartition, weekly: Table, clock: StageClock): Tables {
    const { model, dataset, cutoff } = this.#job;
    const declared = dataset.tables.names.filter((name) => model.inputs.predict[name] !== undefined);
    return new Tables(
      declared.map((name) =>
        name === 'weekly'
          ? weekly
          : (this.#attributes.get(name) ?? clock.table(dataset.tableOf(partition, name))),
      ),
    ).asOf(cutoff);
  }
}

/**
 * All partitions of the weekly table: sharded inputs are this host's own, file by file; replicated ones are those of all
 * hosts.
 * @param job what is forecast with
 * @returns the partitions, sorted by name
 */
export function partitionsOf({
  dataset,
  context: { inputs },
}: Pick<ProcessingJob, 'dataset' | 'context'>): readonly DatasetPartition[] {
  return inputs['weekly']?.sharded === true ? dataset.filePartitions : dataset.partitions;
}

/**
 * Where a partition's forecasts go.
 * @param partition of the dataset
 * @param inputHash digest of its inputs
 * @param stem of the file's name: the step
 * @returns the partition of the output
 */
export function outputPartition(
  { name, folder }: DatasetPartition,
  inputHash: string,
  stem: string,
): OutputPartition {
  return { name, folder, stem, inputHash };
}

/** Columns of what is written. */
function outputSchema({ model, arguments: { form } }: ProcessingJob): Schema {
  return form === 'curves' ? model.curves!.output : model.output;
}

/** A forecast that is no number must never reach a price. */
function checkForecasts(
  model: ProcessingJob['model'],
  output: Schema,
  partition: string,
  batch: Batch,
  firstRow: number,
): void {
  try {
    checkBatch(batch, output, { partition });
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw new ModelError(`${model.name} does not give the forecasts that it declares`, {
      found: cause.message.replace(/\.$/, ''),
      remedy: "This is a defect of the model: its output's schema and its predict must agree.",
      cause,
    });
  }
  for (const { name } of output.fields) {
    if (!batch.has(name)) continue;
    const column = batch.column(name);
    if (column.type !== 'float64' && column.type !== 'float32') continue;
    const row = firstNotFinite(column);
    if (row === -1) continue;
    throw new ModelError(`${model.name} gave a forecast that is no number`, {
      expected: 'a finite number',
      found: String(column.values[row]),
      where: { partition, column: name, row: firstRow + row },
      remedy: 'This is a defect of the model: its history for this item shows what it could not cope with.',
    });
  }
}

/** Every forecast passes here: zero times a finite number is zero, times any other it is NaN, which a sum keeps. */
function firstNotFinite(column: Float64Column | Float32Column): number {
  const { values } = column;
  let [even, odd] = [0, 0];
  for (let row = 1; row < values.length; row += 2) {
    even += values[row - 1]! * 0;
    odd += values[row]! * 0;
  }
  if (values.length % 2 === 1) even += values[values.length - 1]! * 0;
  if (even + odd === 0) return -1;
  return values.findIndex((value, row) => !Number.isFinite(value) && isValid(column, row));
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
