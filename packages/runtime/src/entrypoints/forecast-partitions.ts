import { createHash } from 'node:crypto';
import {
  Batch,
  DataError,
  Tables,
  betweenWeeks,
  checkBatch,
  collect,
  columnOnDisk,
  formatWeek,
  itemsOf,
  throwIfAborted,
  weeksAhead,
  addWeeks,
  TABLES,
  type Field,
  type Schema,
  type Table,
} from '@hemline/core';
import { knownAheadColumns } from '@hemline/evaluation';
import { OutputCommit } from '../commit/index.ts';
import type { DatasetPartition } from '../datasets/index.ts';
import { requiredOutput, type ProcessingJob } from './processing-job.ts';

/**
 * Forecasts this host's partitions, each committed by itself. Those that an earlier start committed are skipped. A bad
 * partition fails the job after the others are done.
 * @param job what to forecast with
 * @throws DataError that lists the partitions that failed
 */
export async function forecastPartitions(job: ProcessingJob): Promise<void> {
  const { card, context, dataset, environment, telemetry, signal } = job;
  const { hosts } = context;
  const partitions = sharePartitions(job);
  const provenance = {
    model: card.model,
    modelVersion: card.modelVersion,
    trainingFingerprint: card.dataFingerprint,
    codeVersion: card.codeVersion,
    runId: environment['HEMLINE_RUN_ID'] ?? context.jobName,
  };
  const output = await OutputCommit.open(requiredOutput(context, 'forecast'), provenance, {
    name: hosts.current,
    count: hosts.all.length,
  });
  telemetry.info(`forecasting ${partitions.length} of ${dataset.partitions.length} partitions`, {
    cutoff: formatWeek(job.cutoff),
    horizon: job.arguments.horizon,
  });
  const failures: { partition: string; error: Error }[] = [];
  let rows = 0;
  for (const [done, partition] of partitions.entries()) {
    throwIfAborted(signal);
    telemetry.progress({ phase: 'forecasting', done, total: partitions.length, unit: 'partitions' });
    const inputHash = hashInputs(job, partition);
    try {
      const earlier = await output.committed(partition.name, inputHash);
      const file =
        earlier ??
        (await output.commitPartition(
          partition.name,
          'forecast',
          inputHash,
          forecastPartition(job, partition),
          diskSchema(job.model.output),
          partition.folder,
        ));
      rows += file.rows;
    } catch (error) {
      if (signal.aborted || !(error instanceof DataError)) throw error;
      telemetry.error(`partition ${partition.name} failed: ${error.message}`);
      failures.push({ partition: partition.name, error });
    }
  }
  if (failures.length > 0) {
    throw new DataError(
      `${failures.length} of ${partitions.length} partitions failed; the others are committed`,
      {
        found: failures.map(({ partition, error }) => `${partition}: ${error.message}`).join(' | '),
        remedy: 'Mend these and start the job again: it skips what is committed.',
        cause: failures[0]!.error,
      },
    );
  }
  await output.finish();
  telemetry.metric('forecast_rows', rows);
  telemetry.progress({
    phase: 'forecasting',
    done: partitions.length,
    total: partitions.length,
    unit: 'partitions',
  });
}

/** Sharded inputs are this host's own, file by file; replicated ones are dealt by whole partition. */
function sharePartitions({
  dataset,
  context: { hosts, inputs },
}: ProcessingJob): readonly DatasetPartition[] {
  if (inputs['weekly']?.sharded === true) return dataset.filePartitions;
  return dataset.partitions.filter((_, i) => i % hosts.all.length === hosts.index);
}

/** Everything that a partition's forecasts depend on. */
function hashInputs(job: ProcessingJob, partition: DatasetPartition): string {
  const { card, cutoff, model, dataset } = job;
  const { horizon, discounts, activeWeeks } = job.arguments;
  const others = dataset.tables.names.filter(
    (name) =>
      name !== 'weekly' && (TABLES[name].knownAt === null || model.inputs.predict[name] !== undefined),
  );
  const inputs = {
    model: card.entries,
    card: card.model,
    version: card.modelVersion,
    cutoff,
    horizon,
    activeWeeks,
    discounts: [...discounts],
    data: [partition.fingerprint, dataset.fingerprintOf(others)],
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

async function* forecastPartition(job: ProcessingJob, partition: DatasetPartition): AsyncGenerator<Batch> {
  const { model, fitted, dataset, cutoff, signal } = job;
  const { horizon, discounts, batchRows, activeWeeks } = job.arguments;
  const tables = dataset.tables;
  const active = betweenWeeks(
    partition.weekly,
    TABLES.weekly.knownAt!,
    addWeeks(cutoff, -activeWeeks),
    addWeeks(cutoff, horizon),
  );
  const items = await itemsOf(active, tables.find('articles'), tables.find('markets'));
  const declared = tables.names.filter((name) => model.inputs.predict[name] !== undefined);
  const history = new Tables(
    declared.map((name) => (name === 'weekly' ? partition.weekly : tables.get(name))),
  ).asOf(cutoff);
  const plan = await readPlan(partition.weekly, cutoff, horizon);
  const scenarios = { kind: 'grid', weeks: weeksAhead(cutoff, horizon), discounts, plan } as const;
  for await (const batch of fitted.predict({ cutoff, items, history, scenarios, batchRows, signal })) {
    throwIfAborted(signal);
    checkForecasts(job, partition, batch);
    yield toDisk(batch, model.output);
  }
}

/** The rows after the cutoff, in the columns that are known ahead; null when there are none. */
async function readPlan(weekly: Table, cutoff: number, horizon: number): Promise<Batch | null> {
  const columns = knownAheadColumns(weekly.schema);
  const plan = await collect(
    betweenWeeks(weekly, TABLES.weekly.knownAt!, cutoff, addWeeks(cutoff, horizon)),
    { columns },
  );
  return plan.length === 0 ? null : plan;
}

/** A forecast that is no number must never reach a price. */
function checkForecasts({ model }: ProcessingJob, partition: DatasetPartition, batch: Batch): void {
  const where = { partition: partition.name };
  checkBatch(batch, model.output, where);
  for (const { name, type } of model.output.fields) {
    if (type !== 'float64' && type !== 'float32') continue;
    const row = batch.floats(name).findIndex((value) => !Number.isFinite(value));
    if (row === -1) continue;
    throw new DataError(`${model.name} gave a forecast that is no number`, {
      expected: 'a finite number',
      found: String(batch.floats(name)[row]),
      where: { ...where, column: name, row },
      remedy: 'This is a defect of the model: its history for this item shows what it could not cope with.',
    });
  }
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
