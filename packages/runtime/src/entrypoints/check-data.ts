import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigurationError, DataError, formatWeek, listing, type TableName } from '@hemline/core';
import type { ParquetTable } from '../datasets/parquet-table.ts';
import { findQuality } from '../datasets/data-quality.ts';
import { ChangeCounts } from '../datasets/mend-rows.ts';
import { openDataset } from '../datasets/open-dataset.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { readProcessingContext, rootPaths } from '@hemline/sagemaker';
import { openStore } from '@hemline/stores';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { requiredInput } from './processing-job.ts';
import { tellPassedOver } from './tell-passed-over.ts';
import { runEntrypoint, type JobProcess } from './run-entrypoint.ts';

/** What the check leaves in `facts.json`, for whoever plans jobs on the data. */
export interface DataFacts {
  readonly name: string;
  readonly fingerprint: string;
  /** ISO date of the last week with a demand. */
  readonly lastWeek: string;
  /** Place of each table below the dataset: a folder with a slash at its end, or a file. */
  readonly tables: Readonly<Record<string, string>>;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * The entrypoint that checks a dataset once, before any job works on it: validates every row of every table and leaves what it
 * found (`facts.json`, `quality.json`), and the descriptor, in the output `facts`. It knows no model.
 */
export async function checkData(): Promise<void> {
  const environment = process.env;
  const facts = { model: 'data', job: environment['HEMLINE_RUN_ID'] ?? 'local', host: 'algo-1' };
  const telemetry = createTelemetry(facts, environment);
  await runEntrypoint(
    { telemetry, reasonPath: rootPaths(environment).message, tellsExitCode: true },
    (signal) => runCheck(process.argv.slice(2), { environment, signal, telemetry }),
  );
}

/**
 * One check, from a root to `facts.json`.
 * @param argv arguments without node and script
 * @param job environment, signal, telemetry
 * @throws SchemaError or DataError for the first problem of the data; then nothing is left
 */
export async function runCheck(
  argv: readonly string[],
  { environment, signal, telemetry }: JobProcess,
): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { tables: { type: 'string' } } });
  const context = await readProcessingContext(environment);
  if (context.hosts.all.length > 1)
    throw new ConfigurationError('data is checked by one host', {
      expected: 'InstanceCount 1',
      found: `hosts ${context.hosts.all.join(', ')}`,
      remedy: 'Take a larger instance.',
    });
  const folder = requiredInput(context, 'dataset');
  const output = context.outputs['facts'];
  if (output === undefined)
    throw new ConfigurationError('the job lacks an output', { expected: 'an output named facts' });
  const descriptor = await readFile(join(folder, 'dataset.json'), 'utf8').catch(() => null);
  if (descriptor === null)
    throw new DataError('the dataset does not say its name', {
      expected: 'a dataset.json with at least {"name": "…"}',
      found: 'none',
      where: { file: folder },
      remedy: 'Deliver one with the data: models are never used on a dataset of another name.',
    });
  const dataset = await openDataset(folder);
  tellPassedOver(dataset, telemetry);
  const wanted = values.tables?.split(',').filter(Boolean) ?? [];
  const missing = wanted.filter((name) => !dataset.tables.names.includes(name as TableName));
  if (missing.length > 0)
    throw new DataError('the data lacks tables', {
      expected: listing(wanted, 20),
      found: listing(dataset.tables.names, 20),
      where: { file: folder },
      remedy: `Deliver ${missing.join(', ')}.`,
    });
  const changes = new ChangeCounts();
  const summary = await dataset.validate({
    signal,
    changes,
    onProgress: (event) => telemetry.progress(event),
  });
  const lastWeek = await dataset.lastKnownWeek();
  const facts: DataFacts = {
    name: dataset.name,
    fingerprint: dataset.fingerprint,
    lastWeek: formatWeek(lastWeek),
    tables: Object.fromEntries(dataset.tables.names.map((name) => [name, placeOf(dataset, name, folder)])),
    rows: { ...summary.rows },
  };
  const store = await openStore(output);
  await store.write('dataset.json', descriptor);
  const quality = await findQuality(dataset, lastWeek, signal, changes);
  await store.write('quality.json', `${JSON.stringify(quality, null, 2)}\n`);
  await store.write('facts.json', `${JSON.stringify(facts, null, 2)}\n`);
  telemetry.info('checked', { ...facts });
}

/** A prefix that matches this table's files and no other's. */
function placeOf(dataset: Dataset, name: TableName, folder: string): string {
  const [file] = (dataset.tables.get(name) as ParquetTable).files;
  const place = file!.path.slice(0, -file!.name.length);
  const isFileOfRoot = relative(folder, dirname(file!.path)) === '';
  const path = relative(folder, isFileOfRoot ? file!.path : place)
    .split(sep)
    .join('/');
  return isFileOfRoot ? path : `${path}/`;
}
