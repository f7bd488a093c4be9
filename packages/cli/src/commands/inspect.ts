import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { formatWeek, valueAt, type Batch, type Column } from '@hemline/core';
import { openDataset, openParquet } from '@hemline/runtime';
import { ColumnStatistics } from '../terminal/column-statistics.ts';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { parseWhole } from './options.ts';

interface InspectOptions {
  readonly descriptor?: string;
  readonly rows: number;
  readonly statistics: boolean;
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
    .argument('<path>', 'a Parquet file, or the folder of a dataset')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option('--rows <n>', 'rows to show', parseWhole, 5)
    .option('--no-statistics', 'read the first rows only')
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: InspectOptions) => {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
      const inspections = isFolder ? await inspectDataset(path, options) : [await inspectFile(path, options)];
      printResult(
        isFolder ? { path, tables: inspections } : { path, ...inspections[0] },
        inspections.map(toText).join('\n\n'),
        options.json,
      );
    });
}

async function inspectFile(path: string, options: InspectOptions): Promise<Inspection> {
  const file = await openParquet(path);
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
  let rows = 0;
  for await (const batch of batches) {
    for (let row = 0; row < batch.length && preview.length < options.rows; row++) {
      preview.push(fields.map((field) => showValue(batch.column(field.name), row)));
    }
    rows += batch.length;
    if (!options.statistics && preview.length >= options.rows) break;
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
  };
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
