import { crc32 } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import type { Column } from '@hemline/core';
import { putVarint } from '../encodings/encode-hybrid.ts';
import type { WrittenChunk, WrittenPage } from './chunk-meta.ts';
import { compress, type WriteCodec } from './compress.ts';
import { denseValues, type DenseValues } from './page-values.ts';
import { thriftBytes, type ThriftStruct } from './thrift-bytes.ts';
import { joinStatistics, statisticsOf } from './value-statistics.ts';
import { valueEncoder, type ValueEncoder, type WriteEncoding } from './value-encoder.ts';
import { ENCODING_IDS } from './format-ids.ts';
import type { Stopwatch } from './stopwatch.ts';

/** How to write a column chunk. */
export interface ChunkOptions {
  readonly codec: WriteCodec;
  /** A multiple of 8. */
  readonly pageRows: number;
  readonly encoding: WriteEncoding | undefined;
}

/** Takes bytes in order. */
export interface ByteTaker {
  /** Offset in the file of the next byte. */
  readonly offset: number;
  push(bytes: Uint8Array): void;
}

/**
 * Writes a column chunk: the dictionary page if there is one, then data pages (version 1, which every reader knows).
 * @param column of the row group
 * @param element its declaration; OPTIONAL
 * @param position of the column in the file
 * @param options codec, page size, encoding
 * @param out takes the bytes
 * @param watch tells encoding from compression
 * @returns what the footer says of it
 */
export function writeChunk(
  column: Column,
  element: SchemaElement,
  position: number,
  options: ChunkOptions,
  out: ByteTaker,
  watch: Stopwatch,
): WrittenChunk {
  const start = out.offset;
  const dense = denseValues(column);
  const isCompressed = options.codec !== 'none';
  const encoder = valueEncoder(column, dense, isCompressed, options.encoding, element.name);
  const statistics = statisticsOf(column, dense);
  let checksum = 0;
  let uncompressedBytes = 0;
  const put = (body: Uint8Array, size: number, header: ThriftStruct): number => {
    const head = thriftBytes({ ...header, field_2: size, field_3: body.length, field_4: crc32(body) | 0 });
    checksum = crc32(body, crc32(head, checksum));
    uncompressedBytes += head.length + size;
    out.push(head);
    out.push(body);
    return head.length + body.length;
  };
  let dictionaryOffset: number | null = null;
  if (encoder.dictionary !== null) {
    dictionaryOffset = start;
    const { bytes, count } = encoder.dictionary;
    const body = watch.time('compress', () => compress(options.codec, bytes));
    put(body, bytes.length, {
      field_1: 2,
      field_2: 0,
      field_3: 0,
      field_4: 0,
      field_7: { field_1: count, field_2: ENCODING_IDS.PLAIN },
    });
  }
  const dataOffset = out.offset;
  const pages: WrittenPage[] = [];
  for (let row = 0; row < column.length || row === 0; row += options.pageRows) {
    const rows = Math.min(options.pageRows, column.length - row);
    const from = dense.positionOf(row);
    const to = dense.positionOf(row + rows);
    const plain = encodePage(column, dense, encoder, row, rows, from, to);
    const body = watch.time('compress', () => compress(options.codec, plain));
    const offset = out.offset;
    const bytes = put(body, plain.length, {
      field_1: 0,
      field_2: 0,
      field_3: 0,
      field_4: 0,
      field_5: {
        field_1: rows,
        field_2: ENCODING_IDS[encoder.encoding],
        field_3: ENCODING_IDS.RLE,
        field_4: ENCODING_IDS.RLE,
      },
    });
    pages.push({ offset, bytes, firstRow: row, rows, nulls: rows - (to - from), ...statistics(from, to) });
  }
  return {
    column: position,
    encoding: encoder.encoding,
    encodings: [
      ...new Set([
        ...(encoder.dictionary === null ? [] : (['PLAIN'] as const)),
        'RLE',
        encoder.encoding,
      ] as const),
    ],
    rows: column.length,
    nulls: column.length - dense.count,
    uncompressedBytes,
    compressedBytes: out.offset - start,
    dictionaryOffset,
    dataOffset,
    ...joinStatistics(column.type, pages),
    pages,
    checksum: checksum.toString(16).padStart(8, '0'),
  };
}

/** Definition levels, then values. */
function encodePage(
  column: Column,
  dense: DenseValues,
  encoder: ValueEncoder,
  row: number,
  rows: number,
  from: number,
  to: number,
): Uint8Array {
  const levelBound = 16 + ((rows + 7) >> 3);
  const out = new Uint8Array(levelBound + encoder.bound(from, to));
  const levelEnd = putLevels(column.validity, dense.count === column.length, row, rows, out, 4);
  new DataView(out.buffer).setUint32(0, levelEnd - 4, true);
  return out.subarray(0, encoder.encode(from, to, out, levelEnd));
}

/** One bit a row. The bitmap is in the order of bit-packed levels, and pages begin at whole bytes of it. */
function putLevels(
  validity: Uint8Array | null,
  isFull: boolean,
  row: number,
  rows: number,
  out: Uint8Array,
  at: number,
): number {
  if (validity === null || isFull) {
    const to = putVarint(out, at, rows * 2);
    out[to] = 1;
    return to + 1;
  }
  const bytes = (rows + 7) >> 3;
  const to = putVarint(out, at, bytes * 2 + 1);
  out.set(validity.subarray(row >> 3, (row >> 3) + bytes), to);
  // What a bitmap holds past its last row is not for the file.
  if (rows % 8 !== 0) out[to + bytes - 1]! &= (1 << (rows % 8)) - 1;
  return to + bytes;
}
