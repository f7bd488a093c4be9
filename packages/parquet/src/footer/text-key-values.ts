import { Cursor } from '../encodings/varint.ts';
import { skipValue } from './thrift-bounds.ts';

/** Thrift's compact types of what a footer's key-value metadata is made of. */
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;
/** Field of FileMetaData (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). */
const KEY_VALUE_METADATA = 5;

/**
 * A footer without those entries of its key-value metadata that are no text: some writers left numbers there, and what a file
 * says beside its data must not cost the data.
 * @param footer the metadata's struct in Thrift's compact protocol, whose lengths have been checked
 * @returns the footer as it is where all entries are text
 */
export function withTextKeyValues(footer: Uint8Array): Uint8Array {
  const cursor = new Cursor(footer);
  let field = 0;
  for (;;) {
    const byte = footer[cursor.skip(1)]!;
    const type = byte & 0x0f;
    if (type === 0) return footer;
    field = byte >> 4 === 0 ? Number(cursor.zigzag()) : field + (byte >> 4);
    if (field === KEY_VALUE_METADATA && type === LIST) break;
    skipValue(cursor, type, 0, false);
  }
  const start = cursor.at;
  const header = footer[cursor.skip(1)]!;
  if ((header & 0x0f) !== STRUCT) return footer;
  const size = header >> 4 === 15 ? cursor.varint() : header >> 4;
  const kept: Uint8Array[] = [];
  for (let i = 0; i < size; i++) {
    const first = cursor.at;
    if (skipKeyValue(cursor)) kept.push(footer.subarray(first, cursor.at));
  }
  if (kept.length === size) return footer;
  return Buffer.concat([
    footer.subarray(0, start),
    listHeader(kept.length),
    ...kept,
    footer.subarray(cursor.at),
  ]);
}

/** @returns whether all of the entry is text */
function skipKeyValue(cursor: Cursor): boolean {
  let isText = true;
  for (;;) {
    const byte = cursor.bytes[cursor.skip(1)]!;
    if ((byte & 0x0f) === 0) return isText;
    if (byte >> 4 === 0) cursor.varint();
    isText &&= (byte & 0x0f) === BINARY;
    skipValue(cursor, byte & 0x0f, 0, false);
  }
}

function listHeader(size: number): Uint8Array {
  if (size < 15) return Uint8Array.of((size << 4) | STRUCT);
  const bytes = [0xf0 | STRUCT];
  for (let rest = size; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
