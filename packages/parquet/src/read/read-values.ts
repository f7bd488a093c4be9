import {
  parquetRead,
  type AsyncBuffer,
  type CompressionCodec,
  type Compressors,
  type SchemaElement,
} from 'hyparquet';
import { ConfigurationError, DataError, HemlineError, valueAt } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import type { FileColumn } from '../footer/file-columns.ts';
import { RAW_PARSERS, type Footer, type GroupPlace } from '../footer/read-footer.ts';
import { columnSink } from './choose-sink.ts';
import { decodeChunk } from './decode-chunk.ts';
import { decompress } from './decompress.ts';
import { ObjectSink } from './object-sink.ts';
import { pageAt } from './pages.ts';
import { chunkRange } from './plan-group.ts';

const CODECS: readonly CompressionCodec[] = ['SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4', 'LZ4_RAW'];
const compressors: Compressors = Object.fromEntries(
  CODECS.map((codec) => [codec, (input: Uint8Array, size: number) => decompress(codec, input, size)]),
);

/**
 * Reads any column of a row group as plain JavaScript values.
 * @param source of the file
 * @param footer of the file
 * @param column to read
 * @param rowGroup 0-based
 * @returns a value a row, null where it is missing
 * @throws DataError when it cannot be decoded
 */
export async function readValues(
  source: ByteSource,
  footer: Footer,
  column: FileColumn,
  rowGroup: number,
): Promise<unknown[]> {
  const group = footer.groups[rowGroup];
  if (group === undefined)
    throw new ConfigurationError('there is no such row group', {
      expected: `0 to ${footer.groups.length - 1}`,
      found: String(rowGroup),
      where: { file: source.name },
    });
  if (group.rows === 0) return [];
  if (!column.isFlat) return readNested(source, footer, column, group);
  const chunk = footer.metadata.row_groups[rowGroup]!.columns[column.chunk]!;
  const bytes = await source.read(chunkRange(source, chunk, group, column));
  const where = { file: source.name, rowGroup, column: column.name };
  const whole = { kind: 'whole', bytes } as const;
  if (column.leaf === null || isUnannotated(column.element)) {
    const makeSink = () => new ObjectSink(column.element, group.rows);
    return decodeChunk(whole, chunk.meta_data!, column, group.rows, makeSink, where).sink.values;
  }
  const makeSink = () => columnSink(column, group.rows);
  const { sink, validity } = decodeChunk(whole, chunk.meta_data!, column, group.rows, makeSink, where);
  const typed = sink.finish(validity);
  return Array.from({ length: typed.length }, (_, row) => valueAt(typed, row));
}

/** Bytes that may be text: here they are what they are. */
function isUnannotated({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  const annotation = converted ?? (logical?.type as string | undefined);
  return type === 'BYTE_ARRAY' && annotation === undefined;
}

/** hyparquet assembles lists, maps and structs; the checksums of their pages are checked here, since it does not. */
async function readNested(
  source: ByteSource,
  footer: Footer,
  column: FileColumn,
  group: GroupPlace,
): Promise<unknown[]> {
  const where = { file: source.name, rowGroup: group.index, column: column.name };
  try {
    const chunks = footer.metadata.row_groups[group.index]!.columns;
    for (const chunk of chunks.slice(column.chunk, column.chunk + column.chunks)) {
      const bytes = await source.read(chunkRange(source, chunk, group, column));
      for (let at = 0; at < bytes.length;) at = pageAt(bytes, at).end;
    }
    const start = footer.groups.slice(0, group.index).reduce((sum, { rows }) => sum + rows, 0);
    let values: unknown[] = [];
    await parquetRead({
      file: asyncBuffer(source),
      metadata: footer.metadata,
      columns: [column.name],
      rowStart: start,
      rowEnd: start + group.rows,
      rowFormat: 'object',
      compressors,
      parsers: RAW_PARSERS,
      geoparquet: false,
      onComplete: (rows: Record<string, unknown>[]) => (values = rows.map((row) => row[column.name] ?? null)),
    });
    if (values.length !== group.rows)
      throw new Error(`${values.length} values where the row group has ${group.rows} rows`);
    return values;
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    throw new DataError('the column cannot be decoded', {
      found: (cause as Error).message,
      where,
      remedy: 'The file is damaged or was cut short, or nests in a way that is not supported.',
      cause,
    });
  }
}

function asyncBuffer(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.size,
    async slice(start, end = source.size) {
      const bytes = await source.read({ start, end: Math.min(end, source.size) });
      return bytes.slice().buffer as ArrayBuffer;
    },
  };
}
