import type { Encoding, SchemaElement } from 'hyparquet';
import { formatDecimal } from '@hemline/core';
import { joinStreams } from '../encodings/byte-stream-split.ts';
import { pageBytes, type PageBytes } from '../encodings/bytes.ts';
import { Damage } from '../encodings/damage.ts';
import { decodeDelta } from '../encodings/delta.ts';
import type { PageSink } from './column-sink.ts';
import { checkCodes, scratchCodes } from './dictionary-codes.ts';
import { byteArrays } from './fixed-sink.ts';

/**
 * Flat columns that no typed column stands for, as plain JavaScript values: bytes as Uint8Array, unsigned 64-bit integers
 * as bigint, times in their own unit, UUIDs and wide decimals as text.
 */
export class ObjectSink implements PageSink {
  readonly values: unknown[];
  readonly #element: SchemaElement;
  #dictionary: readonly unknown[] | null = null;

  /**
   * @param element the file's declaration
   * @param rows of the row group
   */
  constructor(element: SchemaElement, rows: number) {
    this.#element = element;
    this.values = new Array<unknown>(rows).fill(null);
  }

  addDictionary(page: PageBytes, count: number): void {
    this.#dictionary = decodeObjects(page, 0, 'PLAIN', this.#element, count);
  }

  addValues(page: PageBytes, start: number, encoding: Encoding, row: number, count: number): void {
    if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
      const dictionary = this.#dictionary;
      if (dictionary === null) throw new Damage('dictionary indices without a dictionary');
      const codes = scratchCodes(page, start, count);
      checkCodes(codes, 0, count, dictionary.length);
      for (let i = 0; i < count; i++) this.values[row + i] = dictionary[codes[i]!];
      return;
    }
    decodeObjects(page, start, encoding, this.#element, count).forEach((value, i) => {
      this.values[row + i] = value;
    });
  }

  spread(row: number, count: number, present: number, validity: Uint8Array): void {
    let from = row + present - 1;
    for (let to = row + count - 1; to >= row; to--)
      this.values[to] = ((validity[to >> 3]! >> (to & 7)) & 1) === 1 ? this.values[from--] : null;
  }
}

function decodeObjects(
  page: PageBytes,
  start: number,
  encoding: Encoding,
  element: SchemaElement,
  count: number,
): unknown[] {
  if (element.type === 'INT32' || element.type === 'INT64')
    return integers(page, start, encoding, element, count);
  const { bytes, starts, lengths } = byteArrays(page, start, encoding, element, count);
  return Array.from(starts, (from, i) => fromBytes(bytes.slice(from, from + lengths[i]!), element));
}

function integers(
  page: PageBytes,
  start: number,
  encoding: Encoding,
  element: SchemaElement,
  count: number,
): unknown[] {
  const step = element.type === 'INT32' ? 1 : 2;
  const size = 4 * step;
  if (encoding === 'PLAIN' && start + size * count > page.bytes.length)
    throw new Damage('the page is too short for its values');
  const words = new Int32Array(count * step);
  const target = new Uint8Array(words.buffer);
  if (encoding === 'PLAIN') target.set(page.bytes.subarray(start, start + size * count));
  else if (encoding === 'DELTA_BINARY_PACKED') {
    if (count > 0) decodeDelta(page, start, page.bytes.length, words, 0, count, step);
  } else if (encoding === 'BYTE_STREAM_SPLIT') joinStreams(page.bytes, start, size, target, 0, count);
  else throw new Damage(`integers in the encoding ${encoding}`);
  if (step === 1) return Array.from(words);
  const { converted_type: converted, logical_type: logical } = element;
  const isUnsigned = converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned);
  return Array.from(isUnsigned ? new BigUint64Array(words.buffer) : new BigInt64Array(words.buffer));
}

function fromBytes(bytes: Uint8Array, element: SchemaElement): unknown {
  const { converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = (logical?.type === 'DECIMAL' ? logical.scale : element.scale) ?? 0;
    return formatDecimal(bigEndian(bytes), scale);
  }
  if (logical?.type !== 'UUID' || bytes.length !== 16) return bytes;
  const digits = Buffer.from(bytes).toString('hex');
  return [0, 8, 12, 16, 20].map((at, i, starts) => digits.slice(at, starts[i + 1])).join('-');
}

function bigEndian(bytes: Uint8Array): bigint {
  const { view } = pageBytes(bytes);
  let value = 0n;
  for (let i = 0; i < bytes.length; i++) value = (value << 8n) | BigInt(view.getUint8(i));
  return BigInt.asIntN(8 * bytes.length, value);
}
