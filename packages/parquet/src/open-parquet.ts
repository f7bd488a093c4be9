import { ConfigurationError, type Field } from '@hemline/core';
import { withTail, type ByteSource } from './byte-source.ts';
import { FileSource } from './file-source.ts';
import { isUntyped } from './footer/leaf-type.ts';
import { findTypedColumn, type FileColumn } from './footer/file-columns.ts';
import { readFooter, type Footer, type GroupPlace } from './footer/read-footer.ts';
import type { ParquetFile, ParquetReadOptions } from './parquet-file.ts';
import { typedFilter } from './read/range-filter.ts';
import { readBatches } from './read/read-batches.ts';
import type { GroupRequest } from './read/read-group.ts';

/**
 * Opens a Parquet file and reads its footer.
 * @param file path of a local file or a way to open a source, opened for each read and closed after it; or an open source, which the
 *   caller closes
 * @returns the file
 * @throws DataError when it is empty, truncated, damaged or no Parquet file
 * @throws StoreError when it cannot be read
 */
export async function openParquet(
  file: string | ByteSource | (() => Promise<ByteSource>),
): Promise<ParquetFile> {
  const open = typeof file === 'string' ? () => FileSource.open(file) : file;
  const withSource = async <T>(work: (source: ByteSource) => Promise<T>): Promise<T> => {
    if (typeof open !== 'function') return work(open);
    const source = await open();
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  };
  const { footer, tail, path, bytes } = await withSource(async (source) => ({
    ...(await readFooter(source)),
    path: source.name,
    bytes: source.size,
  }));
  const { columns, groups, metadata } = footer;
  return {
    path,
    bytes,
    rows: Number(metadata.num_rows),
    schema: { fields: columns.flatMap((column) => (column.leaf === null ? [] : [fieldOf(column)])) },
    unsupported: Object.fromEntries(
      columns.flatMap(({ name, leaf, declared }) => (leaf === null ? [[name, declared]] : [])),
    ),
    untyped: new Set(columns.filter(({ element }) => isUntyped(element)).map(({ name }) => name)),
    rowGroups: groups.map((group) => ({ rows: group.rows, bytes: group.bytes })),
    metadata: footer.keyValues,
    async *batches(options: ParquetReadOptions = {}) {
      const request = requestOf(path, columns, options);
      const chosen = chooseGroups(path, footer, options.rowGroups);
      // A source that stays open is of one version: what was read with its footer need not be read again.
      const source = typeof open === 'function' ? await open() : withTail(open, tail);
      try {
        yield* readBatches(source, footer, chosen, request, options.signal);
      } finally {
        if (typeof open === 'function') await source.close();
      }
    },
  };
}

function requestOf(path: string, columns: readonly FileColumn[], options: ParquetReadOptions): GroupRequest {
  const names = options.columns ?? columns.flatMap(({ name, leaf }) => (leaf === null ? [] : [name]));
  return {
    columns: names.map((name) => findTypedColumn(path, columns, name)),
    filters: (options.where ?? []).map((filter) =>
      typedFilter(filter, findTypedColumn(path, columns, filter.column), path),
    ),
  };
}

function chooseGroups(path: string, { groups }: Footer, wanted: readonly number[] | undefined): GroupPlace[] {
  const chosen = (wanted ?? groups.map(({ index }) => index)).map((index) => {
    const group = groups[index];
    if (group !== undefined) return group;
    throw new ConfigurationError('there is no such row group', {
      expected: `0 to ${groups.length - 1}`,
      found: String(index),
      where: { file: path },
    });
  });
  return chosen.filter(({ rows }) => rows > 0);
}

function fieldOf({ name, leaf, nullable }: FileColumn): Field {
  const { type, unit, precision, scale } = leaf!;
  return {
    name,
    type,
    nullable,
    ...(unit === undefined ? {} : { unit }),
    ...(precision === undefined ? {} : { precision, scale }),
  };
}
