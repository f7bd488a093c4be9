import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { ParquetWriter } from 'hyparquet-writer';
import {
  HemlineError,
  SchemaError,
  StoreError,
  concatBatches,
  sliceRows,
  type Batch,
  type Column,
  type Schema,
} from '@hemline/core';
import { columnSource } from './column-source.ts';
import { FileSink } from './file-sink.ts';
import { schemaElement } from './parquet-types.ts';

/** How to write. */
export interface ParquetWriteOptions {
  /** Key-value metadata of the footer. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default zstd. */
  readonly codec?: 'zstd' | 'snappy' | 'none';
  /** Rows of a row group, 262,144 by default: what is held in memory while writing. */
  readonly rowGroupRows?: number;
  /** Needed when there may be no batch. */
  readonly schema?: Schema;
}

/** A file that was written whole. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

const DEFAULT_ROW_GROUP_ROWS = 262_144;
const CODECS = { zstd: 'ZSTD', snappy: 'SNAPPY', none: 'UNCOMPRESSED' } as const;
const compressors = { ZSTD: (input: Uint8Array) => new Uint8Array(zstdCompressSync(input)) };

/**
 * Writes batches to a Parquet file, row group by row group. The file appears under its name only when it is complete and
 * on disk; on any error nothing is left behind.
 * @param path of the file; its folder is made
 * @param batches of one schema
 * @param options metadata, codec, row group size
 * @returns rows, bytes and checksum
 * @throws SchemaError when batches differ in their columns, or there is neither a batch nor a schema
 * @throws StoreError when the disk does not take it
 */
export async function writeParquet(
  path: string,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: ParquetWriteOptions = {},
): Promise<WrittenFile> {
  await mkdir(dirname(path), { recursive: true }).catch((cause: Error) => {
    throw new StoreError('the folder cannot be made', {
      found: cause.message,
      where: { file: dirname(path) },
      cause,
    });
  });
  // A leading dot hides it from every reader of folders until it has its name.
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const sink = await FileSink.create(temporary);
    try {
      const rows = await writeRowGroups(sink, batches, options, path);
      await sink.sync();
      await sink.close();
      await rename(temporary, path);
      return { path, rows, bytes: sink.bytes, sha256: sink.digest() };
    } finally {
      await sink.close();
    }
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof HemlineError || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new StoreError('the file cannot be written', {
      found: (cause as Error).message,
      where: { file: path },
      remedy: 'Check the free space and the permissions.',
      cause,
    });
  }
}

async function writeRowGroups(
  sink: FileSink,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: ParquetWriteOptions,
  path: string,
): Promise<number> {
  const groupRows = options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS;
  let writer: ParquetWriter | null = null;
  let first: Batch | null = null;
  let schema: Schema | null = options.schema ?? null;
  let pending: Batch[] = [];
  let pendingRows = 0;
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (pendingRows === 0) return;
    const group = concatBatches(pending);
    pending = [];
    pendingRows = 0;
    const columnData = [...group.columns].map(([name, column]) => columnSource(name, column));
    await writer!.write({ columnData, rowGroupSize: group.length });
    await sink.flush();
  };
  for await (const batch of batches) {
    if (first === null) {
      first = batch;
      schema ??= batch.schema;
      writer = startFile(sink, schema, batch, options);
    }
    const aligned = align(batch, schema!, first, path);
    rows += aligned.length;
    for (let start = 0; start < aligned.length;) {
      const part = sliceRows(aligned, start, start + groupRows - pendingRows);
      pending.push(part);
      pendingRows += part.length;
      start += part.length;
      if (pendingRows >= groupRows) await flush();
    }
  }
  if (writer === null) {
    if (schema === null) {
      throw new SchemaError('there is nothing to write and no schema to write it with', {
        where: { file: path },
        remedy: 'Give a schema when there may be no batch.',
      });
    }
    writer = startFile(sink, schema, null, options);
  }
  await flush();
  await writer.finish();
  await sink.flush();
  return rows;
}

function startFile(
  sink: FileSink,
  schema: Schema,
  like: Batch | null,
  options: ParquetWriteOptions,
): ParquetWriter {
  return new ParquetWriter({
    writer: sink.writer,
    schema: [
      { name: 'root', num_children: schema.fields.length },
      ...schema.fields.map((field) => {
        const column = like?.has(field.name) ? like.column(field.name) : null;
        return schemaElement(field, column?.type === 'timestamp' ? column.unit : undefined);
      }),
    ],
    codec: CODECS[options.codec ?? 'zstd'],
    compressors,
    kvMetadata: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    createdBy: 'hemline',
  });
}

/** The batch's columns in the order of the schema: Parquet's column chunks stand in that order. */
function align(batch: Batch, schema: Schema, first: Batch, path: string): Batch {
  const names = schema.fields.map((field) => field.name);
  if (batch.names.length !== names.length || !names.every((name) => batch.has(name))) {
    throw new SchemaError('a batch does not have the columns of its file', {
      expected: names.join(', '),
      found: batch.names.join(', '),
      where: { file: path },
    });
  }
  for (const { name, type } of schema.fields) {
    const like = first.column(name);
    const expected = like.type === type ? typeText(like) : type;
    const found = typeText(batch.column(name));
    if (found !== expected)
      throw new SchemaError('a column of a batch does not have the type that it has in its file', {
        expected,
        found,
        where: { file: path, column: name },
      });
  }
  return batch.select(names);
}

/** The type with its unit: points in time of two units are not the same numbers. */
function typeText(column: Column): string {
  return column.type === 'timestamp' ? `timestamp ${column.unit}` : column.type;
}
