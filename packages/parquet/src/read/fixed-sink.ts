import type { Encoding, SchemaElement } from 'hyparquet';
import type { Column } from '@hemline/core';
import { joinStreams } from '../encodings/byte-stream-split.ts';
import {
  deltaByteArrays,
  deltaLengthByteArrays,
  fixedByteArrays,
  plainByteArrays,
  type ByteArrays,
} from '../encodings/byte-arrays.ts';
import { pageBytes, type PageBytes, Damage } from '../encodings/bytes.ts';
import { decodeDelta } from '../encodings/delta.ts';
import type { LeafType } from '../footer/leaf-type.ts';
import { unknownEncoding, type ColumnSink } from './column-sink.ts';
import {
  checkUnsigned,
  decimalsFromBytes,
  floatsFromHalves,
  timestampsFromInt96,
  widen,
} from './convert-values.ts';
import { checkCodes, scratchCodes } from './dictionary-codes.ts';
import { spread } from './spread.ts';

/** Numbers, dates, points in time, decimals: values of one or two 32-bit words, moved as words whatever they mean. */
export class FixedSink implements ColumnSink {
  readonly #leaf: LeafType;
  readonly #element: SchemaElement;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #step: 1 | 2;
  #dictionary: Int32Array | null = null;

  /**
   * @param leaf the column's type
   * @param element the file's declaration
   * @param rows of the row group
   */
  constructor(leaf: LeafType, element: SchemaElement, rows: number) {
    this.#leaf = leaf;
    this.#element = element;
    this.#step = ['float32', 'int32', 'date'].includes(leaf.type) ? 1 : 2;
    this.#words = new Int32Array(rows * this.#step);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  addDictionary(page: PageBytes, count: number): void {
    // Not before the bytes are there: a damaged count must not become an allocation.
    const size = this.#element.type === 'BYTE_ARRAY' ? 4 : physicalSize(this.#element);
    if (count * size > page.bytes.length)
      throw new Damage(`a dictionary of ${count} values in ${page.bytes.length} bytes`);
    const words = new Int32Array(count * this.#step);
    this.#decode(page, 0, 'PLAIN', words, 0, count);
    this.#dictionary = words;
  }

  addValues(page: PageBytes, start: number, encoding: Encoding, row: number, count: number): void {
    if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY')
      this.#gather(scratchCodes(page, start, count), row, count);
    else this.#decode(page, start, encoding, this.#words, row, count);
  }

  spread(row: number, count: number, present: number, validity: Uint8Array): void {
    spread(this.#words, this.#step, row, count, present, validity);
  }

  finish(validity: Uint8Array | null): Column {
    const { type, unit, precision, scale } = this.#leaf;
    const { buffer } = this.#words;
    const length = this.#words.length / this.#step;
    const common = { length, validity };
    switch (type) {
      case 'float64':
        return { type, ...common, values: new Float64Array(buffer) };
      case 'float32':
        return { type, ...common, values: new Float32Array(buffer) };
      case 'int32':
      case 'date':
        return { type, ...common, values: this.#words };
      case 'timestamp':
        return { type, unit: unit!, ...common, values: new BigInt64Array(buffer) };
      case 'decimal':
        return { type, precision: precision!, scale: scale!, ...common, values: new BigInt64Array(buffer) };
      default:
        return { type: 'int64', ...common, values: new BigInt64Array(buffer) };
    }
  }

  #gather(codes: Int32Array, row: number, count: number): void {
    const dictionary = this.#dictionary;
    if (dictionary === null) throw new Damage('dictionary indices without a dictionary');
    checkCodes(codes, 0, count, dictionary.length / this.#step);
    if (this.#step === 1) gatherWords(dictionary, codes, this.#words, row, count);
    else gatherPairs(dictionary, codes, this.#words, row, count);
  }

  #decode(
    page: PageBytes,
    start: number,
    encoding: Encoding,
    words: Int32Array,
    at: number,
    count: number,
  ): void {
    const target = words === this.#words ? this.#bytes : new Uint8Array(words.buffer);
    switch (this.#leaf.representation) {
      case 'fixed':
        decodeFixed(page, start, encoding, this.#step, words, target, at, count);
        break;
      case 'widened-signed':
      case 'widened-unsigned': {
        const narrow = new Int32Array(count);
        decodeFixed(page, start, encoding, 1, narrow, new Uint8Array(narrow.buffer), 0, count);
        widen(narrow, this.#leaf.representation === 'widened-signed', words, at);
        break;
      }
      case 'unsigned':
        decodeFixed(page, start, encoding, this.#step, words, target, at, count);
        checkUnsigned(words, at, count);
        break;
      case 'decimal-bytes':
        decimalsFromBytes(byteArrays(page, start, encoding, this.#element, count), words, at);
        break;
      case 'int96':
        timestampsFromInt96(byteArrays(page, start, encoding, this.#element, count), words, at);
        break;
      default:
        floatsFromHalves(byteArrays(page, start, encoding, this.#element, count), words, at);
    }
  }
}

function decodeFixed(
  page: PageBytes,
  start: number,
  encoding: Encoding,
  step: 1 | 2,
  words: Int32Array,
  target: Uint8Array,
  at: number,
  count: number,
): void {
  const size = 4 * step;
  switch (encoding) {
    case 'PLAIN':
      if (start + size * count > page.bytes.length) throw new Damage('the page is too short for its values');
      target.set(page.bytes.subarray(start, start + size * count), at * size);
      break;
    case 'BYTE_STREAM_SPLIT':
      joinStreams(page.bytes, start, size, target, at * size, count);
      break;
    case 'DELTA_BINARY_PACKED':
      if (count > 0) decodeDelta(page, start, page.bytes.length, words, at, count, step);
      break;
    default:
      throw unknownEncoding(encoding, 'numbers');
  }
}

/**
 * Byte strings in any of their encodings.
 * @param page decompressed
 * @param start of the values
 * @param encoding of them
 * @param element type and length
 * @param count of values
 * @returns where they are
 */
export function byteArrays(
  page: PageBytes,
  start: number,
  encoding: Encoding,
  element: SchemaElement,
  count: number,
): ByteArrays {
  const isFixed = element.type !== 'BYTE_ARRAY';
  const size = isFixed ? physicalSize(element) : 0;
  switch (encoding) {
    case 'PLAIN':
      return isFixed ? fixedByteArrays(page, start, count, size) : plainByteArrays(page, start, count);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return deltaLengthByteArrays(page, start, count);
    case 'DELTA_BYTE_ARRAY': {
      const arrays = deltaByteArrays(page, start, count);
      if (isFixed && arrays.lengths.some((length) => length !== size))
        throw new Damage(`values that are not ${size} bytes long`);
      return arrays;
    }
    case 'BYTE_STREAM_SPLIT': {
      if (!isFixed || size * count > page.bytes.length) throw new Damage('the byte streams are cut short');
      const joined = new Uint8Array(size * count);
      joinStreams(page.bytes, start, size, joined, 0, count);
      return fixedByteArrays(pageBytes(joined), 0, count, size);
    }
    default:
      throw unknownEncoding(encoding, 'byte strings');
  }
}

function physicalSize({ type, type_length: length }: SchemaElement): number {
  switch (type) {
    case 'INT32':
    case 'FLOAT':
      return 4;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      if (length === undefined || length < 1) throw new Damage(`values of ${length} bytes`);
      return length;
    default:
      return 8;
  }
}

function gatherWords(
  dictionary: Int32Array,
  codes: Int32Array,
  words: Int32Array,
  row: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) words[row + i] = dictionary[codes[i]!]!;
}

function gatherPairs(
  dictionary: Int32Array,
  codes: Int32Array,
  words: Int32Array,
  row: number,
  count: number,
): void {
  for (let i = 0, to = 2 * row; i < count; i++, to += 2) {
    const from = 2 * codes[i]!;
    words[to] = dictionary[from]!;
    words[to + 1] = dictionary[from + 1]!;
  }
}
