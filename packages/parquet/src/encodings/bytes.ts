/** Bytes with the two views that decoders read them through. */
export interface PageBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * @param bytes of a page
 * @returns them with a view on the same memory
 */
export function pageBytes(bytes: Uint8Array): PageBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/**
 * The integers of fixed-width values: 32-bit words, one or two a value. Moving words instead of numbers serves every
 * type with one loop, and keeps NaN payloads.
 * @param values a typed array of 4 or 8 bytes a value
 * @returns a view on the same memory
 */
export function wordsOf(values: Float64Array | Float32Array | Int32Array | BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
}

/** What a decoder throws at bytes that cannot be right. The reader adds file, row group, column and page. */
export class Damage extends Error {}

/** What a decoder throws at values that are as they should be and that the column's type here cannot hold. */
export class Unrepresentable extends Error {
  readonly expected: string;
  readonly found: string;

  /**
   * @param problem one sentence without a full stop
   * @param expected of the values
   * @param found the first one that is not so
   */
  constructor(problem: string, expected: string, found: string) {
    super(problem);
    this.expected = expected;
    this.found = found;
  }
}
