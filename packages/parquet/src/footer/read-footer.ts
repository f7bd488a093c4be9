import { parquetMetadata, parquetSchema, type FileMetaData } from 'hyparquet';
import { DataError, UnsupportedError } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import { Damage } from '../encodings/bytes.ts';
import { checkFooter } from './checksums.ts';
import { fileColumns, type FileColumn } from './file-columns.ts';
import { withTextKeyValues } from './text-key-values.ts';
import { checkThrift } from './thrift-bounds.ts';

/** What the end of a file says of it. */
export interface Footer {
  readonly metadata: FileMetaData;
  readonly columns: readonly FileColumn[];
  readonly groups: readonly GroupPlace[];
  /** Key-value metadata. */
  readonly keyValues: Readonly<Record<string, string>>;
}

/** A row group among the others. */
export interface GroupPlace {
  readonly index: number;
  readonly rows: number;
  /** Compressed. */
  readonly bytes: number;
}

/** A footer, and the bytes at the end of the file that it was read with. */
export interface FooterRead {
  readonly footer: Footer;
  readonly tail: Uint8Array;
}

/** Most footers fit into one read of this size. */
const TAIL_BYTES = 1 << 17;
const MAGIC = 0x31524150;
const ENCRYPTED_MAGIC = 0x45524150;
/** What writes here calls itself in `created_by`. */
export const CREATED_BY = 'hemline';

/** Statistics as they are stored: exact, and no Date. */
export const RAW_PARSERS = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (value: bigint) => value,
  timestampFromMicroseconds: (value: bigint) => value,
  timestampFromNanoseconds: (value: bigint) => value,
};

/**
 * Reads and checks a file's footer.
 * @param source of the file
 * @returns schema, row groups, metadata; and the last bytes of the file
 * @throws DataError when it is empty, cut short, damaged or no Parquet file
 * @throws UnsupportedError when it is encrypted
 */
export async function readFooter(source: ByteSource): Promise<FooterRead> {
  const { size, name } = source;
  if (size < 12) throw notParquet(name, `${size} bytes`);
  const tailBytes = Math.min(size, TAIL_BYTES);
  const [head, tail] = (await source.readMany([
    { start: 0, end: 4 },
    { start: size - tailBytes, end: size },
  ])) as [Uint8Array, Uint8Array];
  const end = viewOf(tail);
  const magic = end.getUint32(tailBytes - 4, true);
  if (magic === ENCRYPTED_MAGIC)
    throw new UnsupportedError('the file is encrypted', {
      where: { file: name },
      remedy: 'Decrypt it before handing it over.',
    });
  if (magic !== MAGIC || viewOf(head).getUint32(0, true) !== MAGIC)
    throw notParquet(name, 'other bytes at its beginning or end');
  const length = end.getUint32(tailBytes - 8, true);
  if (length > size - 12) throw notParquet(name, `a footer of ${length} bytes in a file of ${size}`);
  const whole =
    length + 8 <= tailBytes
      ? tail.subarray(tailBytes - length - 8)
      : await source.read({ start: size - length - 8, end: size });
  try {
    return { footer: parse(whole, size), tail };
  } catch (cause) {
    throw notParquet(name, `a damaged footer: ${(cause as Error).message}`, cause);
  }
}

function parse(bytes: Uint8Array, size: number): Footer {
  const footer = bytes.subarray(0, bytes.length - 8);
  if (checkThrift(footer, 0, footer.length) !== footer.length)
    throw new Damage('bytes after the end of the metadata');
  const text = withTextKeyValues(footer);
  const metadata = parquetMetadata(text === footer ? bytes : asTail(text), {
    parsers: RAW_PARSERS,
    geoparquet: false,
  });
  checkFooter(footer, metadata.created_by?.startsWith(CREATED_BY) ?? false);
  if (metadata.schema.slice(1).some(({ name }) => typeof name !== 'string'))
    throw new Damage('a column without a name');
  const columns = fileColumns(parquetSchema(metadata), metadata.row_groups);
  const leaves = metadata.schema.filter(({ type }) => type !== undefined).length;
  const groups = metadata.row_groups.map((group, index) => {
    if (group.columns.length !== leaves)
      throw new Damage(`row group ${index} has ${group.columns.length} column chunks of ${leaves}`);
    let total = 0;
    for (const { meta_data: chunk } of group.columns) {
      const chunkBytes = Number(chunk?.total_compressed_size ?? 0);
      if (!(chunkBytes >= 0 && chunkBytes <= size)) throw new Damage(`a column chunk of ${chunkBytes} bytes`);
      total += chunkBytes;
    }
    return { index, rows: rowCount(group.num_rows), bytes: total };
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== rowCount(metadata.num_rows))
    throw new Damage(`row groups of ${rows} rows in a file of ${metadata.num_rows}`);
  return { metadata, columns, groups, keyValues: keyValuesOf(metadata) };
}

function keyValuesOf({ key_value_metadata: pairs = [] }: FileMetaData): Record<string, string> {
  if (!Array.isArray(pairs) || pairs.some(({ key }) => typeof key !== 'string'))
    throw new Damage('key-value metadata without keys');
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']));
}

/** A footer as it stands at the end of a file. */
function asTail(footer: Uint8Array): Uint8Array {
  const end = new Uint8Array(8);
  viewOf(end).setUint32(0, footer.length, true);
  viewOf(end).setUint32(4, MAGIC, true);
  return Buffer.concat([footer, end]);
}

function rowCount(value: bigint): number {
  const rows = Number(value);
  if (!Number.isSafeInteger(rows) || rows < 0) throw new Damage(`a row count of ${value}`);
  return rows;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function notParquet(file: string, found: string, cause?: unknown): DataError {
  return new DataError('not a whole Parquet file', {
    expected: 'a file that begins and ends with PAR1 and has a readable footer',
    found,
    where: { file },
    remedy:
      'It is of another format, or was cut short while it was written or copied: write or copy it again.',
    cause,
  });
}
