import { readColumnIndex, readOffsetIndex } from 'hyparquet/src/indexes.js';
import type { ColumnChunk, SchemaElement } from 'hyparquet';
import { DataError, HemlineError, type ErrorPlace } from '@hemline/core';
import type { ByteRange, ByteSource } from '../byte-source.ts';
import { pageBytes, Damage } from '../encodings/bytes.ts';
import { CHECKSUM_KEYS, checksumOf } from '../footer/checksums.ts';
import { RAW_PARSERS } from '../footer/read-footer.ts';
import { checkThrift } from '../footer/thrift-bounds.ts';

type PageLocation = ReturnType<typeof readOffsetIndex>['page_locations'][number];

/** One data page, by the indexes. */
export interface PageEntry {
  readonly start: number;
  readonly end: number;
  readonly firstRow: number;
  readonly rows: number;
  /** Bounds of the values; undefined where the column index has none. */
  readonly min?: unknown;
  readonly max?: unknown;
  /** Whether all rows are missing. */
  readonly isNull: boolean;
}

/**
 * Reads the column and offset index of a column chunk
 * (https://parquet.apache.org/docs/file-format/pageindex/).
 * @param source of the file
 * @param chunk of a column that is not nested
 * @param element its declaration
 * @param range bytes of the chunk
 * @param rows of the row group
 * @param where for messages
 * @returns its pages; null when the file has no index of them
 * @throws DataError when the index is damaged: rows would be missed
 */
export async function readPageIndex(
  source: ByteSource,
  chunk: ColumnChunk,
  element: SchemaElement,
  range: ByteRange,
  rows: number,
  where: ErrorPlace,
): Promise<readonly PageEntry[] | null> {
  const offsets = indexRange(chunk.offset_index_offset, chunk.offset_index_length);
  if (offsets === null) return null;
  const bounds = indexRange(chunk.column_index_offset, chunk.column_index_length);
  try {
    for (const { start, end } of bounds === null ? [offsets] : [offsets, bounds])
      if (!(start >= 4 && end > start && end <= source.size)) throw new Damage(`bytes ${start} to ${end}`);
    const [offsetBytes, boundBytes] = await source.readMany(bounds === null ? [offsets] : [offsets, bounds]);
    checkIndexes(chunk, boundBytes, offsetBytes!);
    checkThrift(offsetBytes!, 0, offsetBytes!.length);
    const locations = readOffsetIndex({ view: pageBytes(offsetBytes!).view, offset: 0 }).page_locations;
    if (boundBytes !== undefined) checkThrift(boundBytes, 0, boundBytes.length);
    const index =
      boundBytes === undefined
        ? null
        : readColumnIndex({ view: pageBytes(boundBytes).view, offset: 0 }, element, RAW_PARSERS);
    if (
      index !== null &&
      [index.null_pages, index.min_values, index.max_values].some((list) => list.length !== locations.length)
    )
      throw new Damage(`bounds of other than ${locations.length} pages`);
    return locations.map((location, page) => {
      const place = placeOf(locations, page, location, range, rows);
      if (index === null) return { ...place, isNull: false };
      if (!index.null_pages[page])
        return { ...place, isNull: false, min: index.min_values[page], max: index.max_values[page] };
      // polars calls a page null whose bounds it leaves out, since NaN is in it: only the count tells.
      const nulls = index.null_counts?.[page];
      return { ...place, isNull: nulls === undefined || Number(nulls) === place.rows };
    });
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    throw new DataError('the page index cannot be used', {
      found: (cause as Error).message,
      where,
      remedy: 'The file is damaged: write or copy it again.',
      cause,
    });
  }
}

function placeOf(
  locations: readonly PageLocation[],
  page: number,
  location: PageLocation,
  range: ByteRange,
  rows: number,
): { start: number; end: number; firstRow: number; rows: number } {
  const start = Number(location.offset);
  const end = start + location.compressed_page_size;
  const firstRow = Number(location.first_row_index);
  const next = page + 1 < locations.length ? Number(locations[page + 1]!.first_row_index) : rows;
  if (!(start >= range.start && end <= range.end && end > start))
    throw new Damage(`page ${page} at bytes ${start} to ${end}`);
  if (!((page > 0 || firstRow === 0) && next > firstRow && next <= rows))
    throw new Damage(`page ${page} with the rows ${firstRow} to ${next}`);
  return { start, end, firstRow, rows: next - firstRow };
}

function checkIndexes(chunk: ColumnChunk, bounds: Uint8Array | undefined, offsets: Uint8Array): void {
  const expected = chunk.meta_data?.key_value_metadata?.find(
    ({ key }) => key === CHECKSUM_KEYS.indexes,
  )?.value;
  if (expected === undefined) return;
  const found = bounds === undefined ? checksumOf(offsets) : checksumOf(bounds, offsets);
  if (found !== expected) throw new Damage(`the checksum ${found} where the footer says ${expected}`);
}

function indexRange(offset: bigint | undefined, length: number | undefined): ByteRange | null {
  if (offset === undefined || length === undefined) return null;
  return { start: Number(offset), end: Number(offset) + length };
}
