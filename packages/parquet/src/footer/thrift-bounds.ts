import { Damage } from '../encodings/bytes.ts';
import { Cursor } from '../encodings/varint.ts';

/** Deepest nesting of structs that Parquet's metadata has, and then some. */
const MAX_DEPTH = 24;

/**
 * Walks a struct of Thrift's compact protocol
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md) and checks that every length and
 * list in it fits into the bytes that are there, so that a damaged one cannot become an allocation or an endless loop in
 * the parser.
 * @param bytes that begin with the struct
 * @param start of it
 * @param end byte after the last that it may use
 * @returns byte after the struct
 * @throws Damage when it does not fit
 */
export function checkThrift(bytes: Uint8Array, start: number, end: number): number {
  const cursor = new Cursor(bytes, start, end);
  skipStruct(cursor, 0);
  return cursor.at;
}

function skipStruct(cursor: Cursor, depth: number): void {
  if (depth > MAX_DEPTH) throw new Damage('metadata nested too deep');
  for (;;) {
    const byte = cursor.bytes[cursor.skip(1)]!;
    if ((byte & 0x0f) === 0) return;
    if (byte >> 4 === 0) cursor.varint();
    skipValue(cursor, byte & 0x0f, depth, false);
  }
}

/**
 * Passes over one value.
 * @param cursor at its first byte
 * @param type of the value in the compact protocol
 * @param depth of structs around it
 * @param isElement whether it stands in a list
 */
export function skipValue(cursor: Cursor, type: number, depth: number, isElement: boolean): void {
  switch (type) {
    case 1:
    case 2:
      // In a struct a boolean's value is its type, in a list it takes a byte.
      if (isElement) cursor.skip(1);
      return;
    case 3:
      cursor.skip(1);
      return;
    case 4:
    case 5:
    case 6:
      cursor.zigzag();
      return;
    case 7:
      cursor.skip(8);
      return;
    case 8:
      cursor.skip(cursor.varint());
      return;
    case 9:
    case 10: {
      const header = cursor.bytes[cursor.skip(1)]!;
      const size = header >> 4 === 15 ? cursor.varint() : header >> 4;
      // Every element takes a byte at least.
      if (size > cursor.end - cursor.at) throw new Damage(`a list of ${size} elements`);
      for (let i = 0; i < size; i++) skipValue(cursor, header & 0x0f, depth, true);
      return;
    }
    case 12:
      skipStruct(cursor, depth + 1);
      return;
    default:
      throw new Damage(`metadata of the unknown type ${type}`);
  }
}
