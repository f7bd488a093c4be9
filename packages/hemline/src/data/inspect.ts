import { statSync } from 'node:fs';
import { concatBatches, formatWeek, sliceRows, valueAt, type Batch, type Column } from '@hemline/core';
import { describe, DESK_ROWS, type ColumnDescription } from '@hemline/features/desk';
import { openDataset, type UnusedColumn } from '@hemline/runtime';
import { isS3, openParquetFile } from '@hemline/stores';
import { ColumnStatistics } from './column-statistics.ts';
import { isOutput, outputFiles } from './output-files.ts';

/** How closely something is looked at. */
export interface InspectOptions {
  /** A `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  /** First rows to give, 5 by default. */
  readonly rows?: number;
  /** Whether to read everything for statistics; true by default. */
  readonly statistics?: boolean;
  /** Describe the first rows: so many, or as many as a data frame may have. */
  readonly describe?: boolean | number;
}

/** What is known of one table or file. */
export interface Inspection {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    /** Null, and the rest likewise, without statistics. */
    readonly nulls: number | null;
    readonly minimum: string | null;
    readonly maximum: string | null;
    readonly distinct: string | null;
  }[];
  /** Columns of the files that nothing is read of, and why. */
  readonly unused: readonly UnusedColumn[];
  /** Files in the table's folder that are not read, and why. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[];
  /** First rows, as text. */
  readonly preview: readonly (readonly (string | null)[])[];
  /** Of the first rows, by danfojs, where it is asked for. */
  readonly described?: { readonly rows: number; readonly columns: readonly ColumnDescription[] };
  /** Of the footer of a file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What is known of a file, of forecasts or features, or of the tables of a dataset. */
export interface InspectResult {
  readonly path: string;
  readonly kind: 'file' | 'output' | 'dataset';
  /** One, but of a dataset. */
  readonly tables: readonly Inspection[];
}

/** As they hold. */
type Look = Required<Omit<InspectOptions, 'descriptor'>>;

/**
 * Looks at a Parquet file, forecasts or a dataset: schema, statistics, first rows.
 * @param path a Parquet file, a folder with a manifest (forecasts, features), or the folder of a dataset; a path or `s3://bucket/key`
 * @param options rows, statistics, description
 * @returns what is known of it
 * @throws DataError when it is not there, or no Parquet
 */
export async function inspect(path: string, options: InspectOptions = {}): Promise<InspectResult> {
  const { rows = 5, statistics = true, describe = false } = options;
  const look = { rows, statistics, describe };
  if (!isFolder(path)) return { path, kind: 'file', tables: [await inspectFile(path, look)] };
  if (await isOutput(path)) return { path, kind: 'output', tables: [await inspectOutput(path, look)] };
  return { path, kind: 'dataset', tables: await inspectDataset(path, options.descriptor, look) };
}

/**
 * @param path or URL
 * @returns whether it is a folder, and no file
 */
export function isFolder(path: string): boolean {
  if (isS3(path)) return !/\.(parquet|parq|pq)$/i.test(path);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function inspectFile(path: string, options: Look): Promise<Inspection> {
  const file = await openParquetFile(path);
  const inspection = await inspectBatches(path, file.batches(), options, file.rows, file.schema.fields);
  const unused = Object.entries(file.unsupported).map(([name, type]) => ({
    ...{ name, type, reason: 'a type that is not read' },
  }));
  return { ...inspection, unused, metadata: file.metadata };
}

async function inspectOutput(path: string, options: Look): Promise<Inspection> {
  const files = await outputFiles(path);
  const { fields } = (await openParquetFile(files[0]!.path)).schema;
  async function* batches(): AsyncGenerator<Batch> {
    for (const file of files) yield* (await openParquetFile(file.path)).batches();
  }
  // Without statistics not all is read: the manifest knows the rows.
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return inspectBatches(path, batches(), options, rows, fields);
}

async function inspectDataset(
  path: string,
  descriptor: string | undefined,
  options: Look,
): Promise<Inspection[]> {
  const dataset = await openDataset(path, descriptor === undefined ? {} : { descriptor });
  const inspections: Inspection[] = [];
  for (const name of dataset.tables.names) {
    const table = dataset.tables.get(name);
    const inspection = await inspectBatches(name, table.batches(), options, null, table.schema.fields);
    inspections.push({
      ...inspection,
      unused: dataset.unusedColumnsOf(name),
      passedOver: dataset.passedOver.filter((file) => file.table === name),
    });
  }
  return inspections;
}

async function inspectBatches(
  name: string,
  batches: AsyncIterable<Batch>,
  options: Look,
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
    unused: [],
    passedOver: [],
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
