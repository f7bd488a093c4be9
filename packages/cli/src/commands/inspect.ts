import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { concatBatches, formatWeek, sliceRows, valueAt, type Batch, type Column } from '@hemline/core';
import { describe, DESK_ROWS, type ColumnDescription } from '@hemline/features/desk';
import { isS3, openParquetFile } from '@hemline/stores';
import { openDataset } from '@hemline/runtime';
import { ColumnStatistics } from '../terminal/column-statistics.ts';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { parseWhole } from './options.ts';

interface InspectOptions {
  readonly descriptor?: string;
  readonly rows: number;
  readonly statistics: boolean;
  readonly describe?: boolean | number;
  readonly json?: boolean;
}

/** What is known of one table or file. */
interface Inspection {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly {
    name: string;
    type: string;
    nulls: number | null;
    minimum: string | null;
    maximum: string | null;
    distinct: string | null;
  }[];
  readonly preview: readonly (readonly (string | null)[])[];
  /** Of the first rows, by danfojs, where it is asked for. */
  readonly described?: { readonly rows: number; readonly columns: readonly ColumnDescription[] };
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Adds `hemline inspect PATH`.
 * @param program to add to
 */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('schema, statistics and first rows of a Parquet file or of a dataset')
    .argument('<path>', 'a Parquet file, or the folder of a dataset; a path or s3://bucket/key')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option('--rows <n>', 'rows to show', parseWhole, 5)
    .option('--no-statistics', 'read the first rows only')
    .option(
      '--describe [rows]',
      `mean, deviation and quartiles of the first rows (${DESK_ROWS} by default)`,
      parseWhole,
    )
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: InspectOptions) => {
      const isFolder = isS3(path)
        ? !path.endsWith('.parquet')
        : (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
      const inspections = isFolder ? await inspectDataset(path, options) : [await inspectFile(path, options)];
      printResult(
        isFolder ? { path, tables: inspections } : { path, ...inspections[0] },
        inspections.map(toText).join('\n\n'),
        options.json,
      );
    });
}

async function inspectFile(path: string, options: InspectOptions): Promise<Inspection> {
  const file = await openParquetFile(path);
  const inspection = await inspectBatches(path, file.batches(), options, file.rows, file.schema.fields);
  return { ...inspection, metadata: file.metadata };
}

async function inspectDataset(path: string, options: InspectOptions): Promise<Inspection[]> {
  const dataset = await openDataset(
    path,
    options.descriptor === undefined ? {} : { descriptor: options.descriptor },
  );
  const inspections: Inspection[] = [];
  for (const name of dataset.tables.names) {
    const table = dataset.tables.get(name);
    inspections.push(await inspectBatches(name, table.batches(), options, null, table.schema.fields));
  }
  return inspections;
}

async function inspectBatches(
  name: string,
  batches: AsyncIterable<Batch>,
  options: InspectOptions,
  knownRows: number | null,
  fields: readonly { name: string; type: string }[],
): Promise<Inspection> {
  const statistics = new Map(fields.map((field) => [field.name, new ColumnStatistics()]));
  const preview: (string | null)[][] = [];
  const described = new Sample(options.describe === true ? DESK_ROWS : options.describe || 0);
  let rows = 0;
  for await (const batch of batches) {
    for (let row = 0; row < batch.length && preview.length < options.rows; row++) {
      preview.push(fields.map((field) => showValue(batch.column(field.name), row)));
    }
    rows += batch.length;
    described.add(batch);
    if (!options.statistics && described.isFull && preview.length >= options.rows) break;
    if (options.statistics) for (const [column, each] of statistics) each.add(batch.column(column));
  }
  return {
    name,
    rows: knownRows ?? rows,
    columns: fields.map((field) => ({
      name: field.name,
      type: field.type,
      ...(options.statistics ? statistics.get(field.name)!.summary() : NO_STATISTICS),
    })),
    preview,
    ...described.describe(),
  };
}

/** The first rows of a table. */
class Sample {
  readonly #most: number;
  readonly #batches: Batch[] = [];
  #rows = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#rows >= this.#most;
  }

  add(batch: Batch): void {
    if (this.isFull) return;
    this.#batches.push(sliceRows(batch, 0, this.#most - this.#rows));
    this.#rows += this.#batches.at(-1)!.length;
  }

  describe(): Pick<Inspection, 'described'> {
    if (this.#batches.length === 0) return {};
    return { described: { rows: this.#rows, columns: describe(concatBatches(this.#batches)) } };
  }
}

const NO_STATISTICS = { nulls: null, minimum: null, maximum: null, distinct: null };

function showValue(column: Column, row: number): string | null {
  const value = valueAt(column, row);
  if (value === null) return null;
  return column.type === 'date' ? formatWeek(value as number) : String(value);
}

function toText(inspection: Inspection): string {
  const parts = [`${inspection.name}: ${inspection.rows.toLocaleString('en')} rows`];
  parts.push(
    drawTable(
      ['column', 'type', 'nulls', 'minimum', 'maximum', 'distinct'],
      inspection.columns.map((column) => [
        column.name,
        column.type,
        column.nulls,
        column.minimum,
        column.maximum,
        column.distinct,
      ]),
    ),
  );
  if (inspection.described !== undefined) {
    const { rows, columns } = inspection.described;
    parts.push(
      `described, of ${rows === inspection.rows ? 'all' : `the first ${rows.toLocaleString('en')}`} rows:`,
      drawTable(
        ['column', 'count', 'mean', 'std', 'min', 'median', 'max'],
        columns.map(({ column, count, mean, std, min, median, max }) => [
          column,
          count,
          mean,
          std,
          min,
          median,
          max,
        ]),
      ),
    );
  }
  if (inspection.preview.length > 0)
    parts.push(
      drawTable(
        inspection.columns.map((column) => column.name),
        inspection.preview,
      ),
    );
  const metadata = Object.entries(inspection.metadata ?? {});
  if (metadata.length > 0)
    parts.push(
      metadata
        .map(([key, value]) => `${key}: ${value.length > 100 ? `${value.slice(0, 100)}…` : value}`)
        .join('\n'),
    );
  return parts.join('\n');
}
