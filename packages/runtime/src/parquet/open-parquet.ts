import { open, type FileHandle } from 'node:fs/promises';
import {
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet';
import {
  Batch,
  DataError,
  HemlineError,
  SchemaError,
  StoreError,
  UnsupportedError,
  listing,
  nearest,
  throwIfAborted,
  type Column,
} from '@hemline/core';
import { ColumnCollector } from './column-collector.ts';
import { decompressors } from './compressors.ts';
import type { ParquetFile, ParquetReadOptions } from './parquet-file.ts';
import { leafType, type LeafType } from './parquet-types.ts';

/** One top-level column of a file; `leaf` is null when it cannot be read as a typed column. */
interface FileColumn {
  readonly name: string;
  readonly leaf: LeafType | null;
  readonly nullable: boolean;
  /** As the file declares it, for messages. */
  readonly declared: string;
}

/** Raw values instead of JavaScript dates: exact, and no object per row. */
const RAW_PARSERS = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (value: bigint) => value,
  timestampFromMicroseconds: (value: bigint) => value,
  timestampFromNanoseconds: (value: bigint) => value,
};

/**
 * Opens a Parquet file and reads its footer.
 * @param path of the file
 * @returns the file
 * @throws DataError when it is empty, truncated or no Parquet file
 * @throws StoreError when it cannot be read
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const { metadata, size } = await withFile(path, async (buffer) => {
    if (buffer.byteLength < 12) throw notParquet(path, `${buffer.byteLength} bytes`);
    try {
      return { metadata: await parquetMetadataAsync(buffer), size: buffer.byteLength };
    } catch (cause) {
      throw notParquet(path, (cause as Error).message, cause);
    }
  });
  const columns = fileColumns(parquetSchema(metadata));
  return {
    path,
    schema: {
      fields: columns.flatMap(({ name, leaf, nullable }) =>
        leaf === null ? [] : [{ name, type: leaf.type, nullable }],
      ),
    },
    unsupported: Object.fromEntries(
      columns.flatMap(({ name, leaf, declared }) => (leaf === null ? [[name, declared]] : [])),
    ),
    rows: Number(metadata.num_rows),
    bytes: size,
    rowGroups: metadata.row_groups.map((group) => ({
      rows: Number(group.num_rows),
      bytes: group.columns.reduce(
        (sum, { meta_data }) => sum + Number(meta_data?.total_compressed_size ?? 0),
        0,
      ),
    })),
    metadata: Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']),
    ),
    batches: (options = {}) => readBatches(path, metadata, columns, options),
  };
}

async function* readBatches(
  path: string,
  metadata: FileMetaData,
  columns: readonly FileColumn[],
  options: ParquetReadOptions,
): AsyncGenerator<Batch> {
  const wanted = chooseColumns(path, columns, options.columns);
  const starts: number[] = [];
  metadata.row_groups.reduce((start, group) => (starts.push(start), start + Number(group.num_rows)), 0);
  for (const group of options.rowGroups ?? metadata.row_groups.keys()) {
    throwIfAborted(options.signal);
    const rows = Number(metadata.row_groups[group]!.num_rows);
    if (rows === 0) continue;
    yield await withFile(path, (file) =>
      readRowGroup(path, file, metadata, wanted, group, starts[group]!, rows),
    );
  }
}

async function readRowGroup(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  wanted: readonly (FileColumn & { leaf: LeafType })[],
  group: number,
  start: number,
  rows: number,
): Promise<Batch> {
  const collectors = new Map(wanted.map(({ name, leaf }) => [name, new ColumnCollector(leaf)]));
  const names = wanted.map(({ name }) => name);
  // A column at a time: a damaged one is named, and only one is held in hyparquet's boxed form.
  for (const name of names) {
    try {
      await parquetRead({
        file,
        metadata,
        columns: [name],
        rowStart: start,
        rowEnd: start + rows,
        compressors: decompressors,
        parsers: RAW_PARSERS,
        geoparquet: false,
        onChunk: ({ columnName, columnData }) => collectors.get(columnName)!.add(columnData),
      });
    } catch (cause) {
      if (cause instanceof HemlineError) throw cause;
      throw new DataError('the column cannot be decoded', {
        found: (cause as Error).message,
        where: { file: path, rowGroup: group, column: name },
        remedy: 'The file is damaged or was cut short: write or copy it again.',
        cause,
      });
    }
  }
  const built = new Map<string, Column>();
  for (const [name, collector] of collectors) {
    const column = collector.finish();
    if (column?.length !== rows) {
      throw new DataError('the column does not have as many values as the row group has rows', {
        expected: String(rows),
        found: String(column?.length ?? 0),
        where: { file: path, rowGroup: group, column: name },
        remedy: 'The file is damaged: write or copy it again.',
      });
    }
    built.set(name, column);
  }
  return built.size === 0 ? new Batch({}, rows) : new Batch(built);
}

function chooseColumns(
  path: string,
  columns: readonly FileColumn[],
  names: readonly string[] | undefined,
): (FileColumn & { leaf: LeafType })[] {
  const all = columns.map((column) => column.name);
  return (names ?? all).map((name) => {
    const found = columns.filter((column) => column.name === name);
    if (found.length === 0) {
      const close = nearest(name, all);
      throw new SchemaError('a column is missing', {
        expected: name,
        found: `columns ${listing(all, 20)}`,
        where: { file: path, column: name },
        ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
      });
    }
    if (found.length > 1)
      throw new SchemaError('two columns have the same name', {
        where: { file: path, column: name },
        remedy: 'Rename one of them.',
      });
    const { leaf } = found[0]!;
    if (leaf === null) {
      throw new UnsupportedError('the type of a column is not supported', {
        expected: 'a flat column of bool, int32, int64, float, double, date, timestamp or text',
        found: found[0]!.declared,
        where: { file: path, column: name },
        remedy: 'Cast it, or leave it out of the descriptor.',
      });
    }
    return { ...found[0]!, leaf };
  });
}

function fileColumns(tree: SchemaTree): FileColumn[] {
  return tree.children.map(({ element, children }) => ({
    name: element.name,
    leaf: children.length > 0 || element.repetition_type === 'REPEATED' ? null : leafType(element),
    nullable: element.repetition_type !== 'REQUIRED',
    declared:
      children.length > 0
        ? 'a nested column'
        : [element.type, element.logical_type?.type ?? element.converted_type].filter(Boolean).join(' '),
  }));
}

async function withFile<T>(path: string, work: (buffer: AsyncBuffer) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    return await work(asyncBuffer(handle, size));
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new DataError('there is no such file', {
        where: { file: path },
        remedy: 'Check the path, and that nothing removes files while a job reads them.',
        cause,
      });
    }
    throw new StoreError('the file cannot be read', {
      found: (cause as Error).message,
      where: { file: path },
      cause,
    });
  } finally {
    await handle?.close();
  }
}

function asyncBuffer(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const from = start < 0 ? byteLength + start : start;
      const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - from));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
        if (bytesRead === 0) throw new Error(`the file ended at byte ${from + filled}`);
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

function notParquet(path: string, found: string, cause?: unknown): DataError {
  return new DataError('not a whole Parquet file', {
    expected: 'a file that begins and ends with PAR1 and has a readable footer',
    found,
    where: { file: path },
    remedy:
      'It is of another format, or was cut short while it was written or copied: write or copy it again.',
    cause,
  });
}
