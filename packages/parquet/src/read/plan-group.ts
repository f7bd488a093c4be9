import type { ColumnChunk } from 'hyparquet';
import { DataError } from '@hemline/core';
import type { ByteRange, ByteSource } from '../byte-source.ts';
import type { FileColumn } from '../footer/file-columns.ts';
import type { Footer, GroupPlace } from '../footer/read-footer.ts';
import { mayMatch, type TypedFilter } from './range-filter.ts';
import { readPageIndex, type PageEntry } from './page-index.ts';
import { countRows, intersectRanges, joinRanges, overlaps, type RowRanges } from './row-ranges.ts';

/** Which bytes of a column chunk are to be read. */
export interface ChunkPlan {
  readonly column: FileColumn;
  readonly chunk: ColumnChunk;
  /** The chunk, or its dictionary page (if any) and then the chosen pages. */
  readonly ranges: readonly ByteRange[];
  /** Null when the whole chunk is read. */
  readonly pages: {
    readonly hasDictionary: boolean;
    readonly chosen: readonly (PageEntry & { page: number })[];
  } | null;
}

/** What of a row group is to be read. */
export interface GroupPlan {
  readonly group: GroupPlace;
  readonly chunks: readonly ChunkPlan[];
  /** Rows that may satisfy the filters. */
  readonly rows: RowRanges;
}

/**
 * Decides what to read of a row group: nothing where the statistics exclude it, single pages where the page index allows.
 * @param source of the file
 * @param footer of the file
 * @param group of the file
 * @param columns to read, those of the filters among them
 * @param filters that rows have to satisfy
 * @returns the plan; null when no row can satisfy them
 */
export async function planGroup(
  source: ByteSource,
  footer: Footer,
  group: GroupPlace,
  columns: readonly FileColumn[],
  filters: readonly TypedFilter[],
): Promise<GroupPlan | null> {
  const chunks = footer.metadata.row_groups[group.index]!.columns;
  for (const filter of filters) {
    const statistics = chunks[filter.column.chunk]!.meta_data?.statistics;
    // The older fields `min` and `max` were filled by signed comparison of bytes: not to be trusted for text.
    if (statistics === undefined) continue;
    if (statistics.null_count !== undefined && Number(statistics.null_count) === group.rows) return null;
    if (!mayMatch(filter, statistics.min_value, statistics.max_value)) return null;
  }
  const indexes = new Map<FileColumn, readonly PageEntry[] | null>();
  const indexOf = async (column: FileColumn): Promise<readonly PageEntry[] | null> => {
    if (!indexes.has(column)) {
      const where = { file: source.name, rowGroup: group.index, column: column.name };
      const chunk = chunks[column.chunk]!;
      const range = chunkRange(source, chunk, group, column);
      indexes.set(column, await readPageIndex(source, chunk, column.element, range, group.rows, where));
    }
    return indexes.get(column)!;
  };
  let rows: RowRanges = [{ start: 0, end: group.rows }];
  for (const filter of filters) {
    const pages = await indexOf(filter.column);
    if (pages === null) continue;
    const kept = pages.filter((page) => !page.isNull && mayMatch(filter, page.min, page.max));
    rows = intersectRanges(
      rows,
      joinRanges(kept.map((page) => ({ start: page.firstRow, end: page.firstRow + page.rows }))),
    );
  }
  if (rows.length === 0) return null;
  const isPart = countRows(rows) < group.rows;
  const plans: ChunkPlan[] = [];
  for (const column of columns) {
    const chunk = chunks[column.chunk]!;
    const range = chunkRange(source, chunk, group, column);
    const pages = isPart ? await indexOf(column) : null;
    plans.push(
      pages === null
        ? { column, chunk, ranges: [range], pages: null }
        : pagePlan(column, chunk, range, pages, rows),
    );
  }
  return { group, chunks: plans, rows };
}

function pagePlan(
  column: FileColumn,
  chunk: ColumnChunk,
  range: ByteRange,
  pages: readonly PageEntry[],
  rows: RowRanges,
): ChunkPlan {
  const chosen = pages
    .map((entry, page) => ({ ...entry, page }))
    .filter(({ firstRow, rows: count }) => overlaps(rows, firstRow, firstRow + count));
  const first = pages[0]!.start;
  const hasDictionary = first > range.start;
  const ranges = chosen.map(({ start, end }) => ({ start, end }));
  if (hasDictionary) ranges.unshift({ start: range.start, end: first });
  return { column, chunk, ranges, pages: { hasDictionary, chosen } };
}

/**
 * Bytes of a column chunk.
 * @param source of the file
 * @param chunk of the row group
 * @param group for messages
 * @param column for messages
 * @returns where it lies; its dictionary, if it has one, comes first
 * @throws DataError when that is outside of the file
 */
export function chunkRange(
  source: ByteSource,
  { meta_data: meta }: ColumnChunk,
  group: GroupPlace,
  column: FileColumn,
): ByteRange {
  const data = Number(meta?.data_page_offset ?? -1);
  const dictionary = Number(meta?.dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + Number(meta?.total_compressed_size ?? -1);
  if (start >= 4 && end >= start && end <= source.size) return { start, end };
  throw new DataError('a column chunk lies outside of the file', {
    expected: `within ${source.size} bytes`,
    found: `bytes ${start} to ${end}`,
    where: { file: source.name, rowGroup: group.index, column: column.name },
    remedy: 'The file is damaged or was cut short: write or copy it again.',
  });
}
