import { Batch, UnsupportedError, takeColumn, type Column } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import type { Footer, GroupPlace } from '../footer/read-footer.ts';
import type { FileColumn } from '../footer/file-columns.ts';
import { columnSink } from './choose-sink.ts';
import { decodeChunk, type ChunkBytes } from './decode-chunk.ts';
import { planGroup, type ChunkPlan, type GroupPlan } from './plan-group.ts';
import { matchingRows, type TypedFilter } from './range-filter.ts';
import { countRows } from './row-ranges.ts';

/** What to read of every row group. */
export interface GroupRequest {
  /** In the order wanted. */
  readonly columns: readonly FileColumn[];
  readonly filters: readonly TypedFilter[];
}

/** A row group whose bytes are in memory. */
export interface FetchedGroup {
  readonly plan: GroupPlan;
  readonly bytes: readonly ChunkBytes[];
}

/** Most bytes that the values of one column of a row group may take: what a typed array can hold everywhere. */
const LARGEST_COLUMN = 2 ** 32;

/**
 * Fetches what is needed of a row group.
 * @param source of the file
 * @param footer of the file
 * @param group of the file
 * @param request columns and filters
 * @returns the bytes; null when the statistics exclude every row
 */
export async function fetchGroup(
  source: ByteSource,
  footer: Footer,
  group: GroupPlace,
  request: GroupRequest,
): Promise<FetchedGroup | null> {
  if (group.rows * 8 > LARGEST_COLUMN)
    throw new UnsupportedError('a row group is too large', {
      expected: `at most ${LARGEST_COLUMN / 8} rows`,
      found: String(group.rows),
      where: { file: source.name, rowGroup: group.index },
      remedy: 'Write the file with smaller row groups: a row group is what is held in memory.',
    });
  const columns = [...new Set([...request.columns, ...request.filters.map(({ column }) => column)])];
  const plan = await planGroup(source, footer, group, columns, request.filters);
  if (plan === null) return null;
  const pieces = await source.readMany(plan.chunks.flatMap(({ ranges }) => ranges));
  let next = 0;
  const bytes = plan.chunks.map((chunk) => {
    const own = pieces.slice(next, next + chunk.ranges.length);
    next += own.length;
    return chunkBytes(chunk, own);
  });
  return { plan, bytes };
}

function chunkBytes({ pages }: ChunkPlan, pieces: readonly Uint8Array[]): ChunkBytes {
  if (pages === null) return { kind: 'whole', bytes: pieces[0]! };
  const data = pages.hasDictionary ? pieces.slice(1) : pieces;
  return {
    kind: 'pages',
    dictionary: pages.hasDictionary ? pieces[0]! : null,
    pages: pages.chosen.map(({ firstRow, rows, page }, i) => ({ bytes: data[i]!, firstRow, rows, page })),
  };
}

/**
 * Decodes a row group.
 * @param file for messages
 * @param fetched its bytes
 * @param request columns and filters
 * @returns the rows that satisfy the filters; null when there are none
 */
export function decodeGroup(
  file: string,
  { plan, bytes }: FetchedGroup,
  request: GroupRequest,
): Batch | null {
  const { rows: groupRows, index } = plan.group;
  const decoded = new Map<FileColumn, Column>();
  plan.chunks.forEach(({ column, chunk }, i) => {
    const where = { file, rowGroup: index, column: column.name };
    const makeSink = () => columnSink(column, groupRows);
    const { sink, validity } = decodeChunk(bytes[i]!, chunk.meta_data!, column, groupRows, makeSink, where);
    decoded.set(column, sink.finish(validity));
  });
  const filters = request.filters.map((filter) => ({ ...filter, values: decoded.get(filter.column)! }));
  const rows = filters.length === 0 ? null : matchingRows(filters, plan.rows);
  const count = rows?.length ?? countRows(plan.rows);
  if (count === 0) return null;
  const columns = request.columns.map((column): [string, Column] => {
    const whole = decoded.get(column)!;
    return [column.name, rows === null || rows.length === groupRows ? whole : takeColumn(whole, rows)];
  });
  return columns.length === 0 ? new Batch({}, count) : new Batch(new Map(columns));
}
