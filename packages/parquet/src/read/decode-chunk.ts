import type { ColumnMetaData } from 'hyparquet';
import { DataError, HemlineError, UnsupportedError, type ErrorPlace } from '@hemline/core';
import { Damage, Unrepresentable } from '../encodings/bytes.ts';
import { Validity } from '../encodings/levels.ts';
import { CHECKSUM_KEYS, checksumOf } from '../footer/checksums.ts';
import type { FileColumn } from '../footer/file-columns.ts';
import type { PageSink } from './column-sink.ts';
import { openPage, pageAt, type Page } from './pages.ts';

/** The bytes of a column chunk that were read: all of it, or chosen pages. */
export type ChunkBytes =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'pages';
      readonly dictionary: Uint8Array | null;
      readonly pages: readonly {
        readonly bytes: Uint8Array;
        readonly firstRow: number;
        readonly rows: number;
        readonly page: number;
      }[];
    };

/** A data page and where its rows are. */
interface PlacedPage {
  readonly page: Page;
  readonly row: number;
  /** Among the data pages of the chunk. */
  readonly ordinal: number;
}

/**
 * Decodes a column chunk into a sink. Rows of pages that were not read hold nothing in particular.
 * @param chunk its bytes
 * @param meta what the footer says of it
 * @param column of the file, not nested
 * @param rows of the row group
 * @param makeSink called when the pages are known to fit
 * @param where for messages
 * @returns the sink, filled, and which rows hold a value
 * @throws DataError naming file, row group, column and page
 */
export function decodeChunk<S extends PageSink>(
  chunk: ChunkBytes,
  meta: ColumnMetaData,
  column: FileColumn,
  rows: number,
  makeSink: () => S,
  where: ErrorPlace,
): { sink: S; validity: Uint8Array | null } {
  let at = -1;
  try {
    const { dictionary, pages } = placePages(chunk, meta, rows, (ordinal) => (at = ordinal));
    at = -1;
    const sink = makeSink();
    const validity = new Validity(rows);
    if (dictionary !== null)
      sink.addDictionary(openPage(dictionary, meta.codec, false).values, dictionary.count);
    for (const placed of pages) {
      at = placed.ordinal;
      addPage(placed, meta, column, sink, validity);
    }
    return { sink, validity: validity.bitmap };
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    const place = { ...where, ...(at === -1 ? {} : { page: at }) };
    if (cause instanceof Unrepresentable)
      throw new UnsupportedError(cause.message, {
        expected: cause.expected,
        found: cause.found,
        where: place,
        remedy: 'Cast the column to a double or to text, or leave it out.',
        cause,
      });
    throw new DataError('the column cannot be decoded', {
      found: (cause as Error).message,
      where: place,
      remedy: 'The file is damaged or was cut short: write or copy it again.',
      cause,
    });
  }
}

function addPage(
  { page, row }: PlacedPage,
  meta: ColumnMetaData,
  column: FileColumn,
  sink: PageSink,
  validity: Validity,
): void {
  const { count } = page;
  const { levels, values, start } = openPage(page, meta.codec, column.nullable);
  const present =
    levels === null ? count : validity.addLevels(levels.page, levels.start, levels.end, row, count);
  const nulls = page.header.data_page_header_v2?.num_nulls;
  if (nulls !== undefined && nulls !== count - present)
    throw new Damage(`${count - present} missing values where the page header says ${nulls}`);
  sink.addValues(values, start, page.encoding, row, present);
  if (present < count) sink.spread(row, count, present, validity.bitmap!);
}

/** Finds all pages first: their counts must agree with the footer before anything is allocated for them. */
function placePages(
  chunk: ChunkBytes,
  meta: ColumnMetaData,
  rows: number,
  progress: (ordinal: number) => void,
): { dictionary: Page | null; pages: PlacedPage[] } {
  if (chunk.kind === 'whole') {
    const found = scanPages(chunk.bytes, rows, progress);
    // After the pages, whose checksums say where the damage is.
    checkWhole(chunk.bytes, meta);
    return found;
  }
  const pages = chunk.pages.map(({ bytes, firstRow, rows: expected, page: ordinal }) => {
    progress(ordinal);
    const { page } = pageAt(bytes, 0);
    if (page.count !== expected || page.isDictionary)
      throw new Damage(`a page of ${page.count} values where the offset index says ${expected}`);
    return { page, row: firstRow, ordinal };
  });
  const dictionary = chunk.dictionary === null ? null : dictionaryAt(chunk.dictionary);
  return { dictionary, pages };
}

function scanPages(
  bytes: Uint8Array,
  rows: number,
  progress: (ordinal: number) => void,
): { dictionary: Page | null; pages: PlacedPage[] } {
  let dictionary: Page | null = null;
  const pages: PlacedPage[] = [];
  let row = 0;
  for (let at = 0; row < rows;) {
    progress(pages.length);
    if (at >= bytes.length) throw new Damage(`${row} values where the row group has ${rows} rows`);
    const { page, end } = pageAt(bytes, at);
    at = end;
    if (page.isDictionary) {
      if (dictionary !== null) throw new Damage('a second dictionary');
      dictionary = page;
    } else if (page.header.type === 'DATA_PAGE' || page.header.type === 'DATA_PAGE_V2') {
      if (page.count > rows - row)
        throw new Damage(`at least ${row + page.count} values where the row group has ${rows} rows`);
      pages.push({ page, row, ordinal: pages.length });
      row += page.count;
    } else if (page.header.type !== 'INDEX_PAGE') {
      throw new Damage('a page of an unknown kind');
    }
  }
  return { dictionary, pages };
}

function dictionaryAt(bytes: Uint8Array): Page | null {
  const { page } = pageAt(bytes, 0);
  return page.isDictionary ? page : null;
}

function checkWhole(bytes: Uint8Array, { key_value_metadata: metadata }: ColumnMetaData): void {
  const expected = metadata?.find(({ key }) => key === CHECKSUM_KEYS.chunk)?.value;
  if (expected === undefined) return;
  const found = checksumOf(bytes);
  if (found !== expected)
    throw new Damage(`the checksum ${found} of the column chunk where the footer says ${expected}`);
}
