import { hashParquetValue, readBloomFilter, sbbfContains } from 'hyparquet/src/bloom.js';
import type { ColumnChunk } from 'hyparquet';
import { DataError, HemlineError, type ErrorPlace } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import { pageBytes } from '../encodings/bytes.ts';
import { Damage } from '../encodings/damage.ts';
import { CHECKSUM_KEYS, checksumOf } from '../footer/checksums.ts';
import { storedElement } from '../footer/leaf-type.ts';
import { checkThrift } from '../footer/thrift-bounds.ts';
import type { TypedFilter } from './range-filter.ts';

/**
 * Whether the bloom filter of a column chunk excludes the one value that a filter asks for
 * (https://parquet.apache.org/docs/file-format/bloomfilter/).
 * @param source of the file
 * @param chunk of the column
 * @param filter from and to the same value; any other is never excluded
 * @param where for messages
 * @returns true only when the value is surely not there
 * @throws DataError when the bloom filter is damaged: rows would be missed
 */
export async function isExcluded(
  source: ByteSource,
  { meta_data: meta }: ColumnChunk,
  { column, from, to }: TypedFilter,
  where: ErrorPlace,
): Promise<boolean> {
  const { bloom_filter_offset: offset, bloom_filter_length: length } = meta ?? {};
  if (from === undefined || from !== to || offset === undefined || length === undefined) return false;
  // Zeros of both signs are equal, and stored apart.
  if (from === 0) return false;
  const hash = hashParquetValue(from, storedElement(column.element));
  if (hash === undefined) return false;
  const start = Number(offset);
  try {
    if (!(start >= 4 && length > 0 && start + length <= source.size))
      throw new Damage(`bytes ${start} to ${start + length}`);
    const bytes = await source.read({ start, end: start + length });
    const expected = meta?.key_value_metadata?.find(({ key }) => key === CHECKSUM_KEYS.bloom)?.value;
    if (expected !== undefined && checksumOf(bytes) !== expected)
      throw new Damage(`the checksum ${checksumOf(bytes)} where the footer says ${expected}`);
    checkThrift(bytes, 0, bytes.length);
    const filter = readBloomFilter({ view: pageBytes(bytes).view, offset: 0 });
    return filter !== undefined && !sbbfContains(filter.blocks, hash);
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    throw new DataError('the bloom filter cannot be used', {
      found: (cause as Error).message,
      where,
      remedy: 'The file is damaged: write or copy it again.',
      cause,
    });
  }
}
