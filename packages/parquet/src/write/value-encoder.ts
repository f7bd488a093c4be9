import type { Encoding } from 'hyparquet';
import { ConfigurationError, type Column } from '@hemline/core';
import { splitStreams } from '../encodings/byte-stream-split.ts';
import { deltaBound, encodeDelta } from '../encodings/encode-delta.ts';
import { encodeHybrid, hybridBound } from '../encodings/encode-hybrid.ts';
import type { DenseValues } from './page-values.ts';
import { wordDictionary } from './word-dictionary.ts';

/** Ways to encode values that a caller may ask for. */
export type WriteEncoding = 'plain' | 'dictionary' | 'delta' | 'byte-stream-split';

/** How the values of a column chunk are encoded. */
export interface ValueEncoder {
  readonly encoding: Encoding;
  /** PLAIN values of the dictionary page; null when there is none. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
  /** Bytes that a stretch of values may need at most. */
  bound(start: number, end: number): number;
  /** Encodes a stretch of values; gives the byte after the last. */
  encode(start: number, end: number, out: Uint8Array, at: number): number;
}

/** Values looked at to tell whether differences are smaller than values. */
const SAMPLE = 1024;
/** A text dictionary of more bytes is no longer one that a reader holds lightly. */
const LARGEST_DICTIONARY = 1 << 24;

/**
 * Chooses the encoding of a column chunk by its type and its values, unless one is asked for: few distinct values get a
 * dictionary, integers that differ little from their neighbours are written as differences, floats with their bytes set
 * apart when a codec follows, and the rest as it is.
 * @param column to be written
 * @param dense its values without gaps
 * @param isCompressed whether a codec follows
 * @param wanted by the caller
 * @param name of the column, for messages
 * @returns the encoder
 * @throws ConfigurationError when the column's type cannot be encoded as asked for
 */
export function valueEncoder(
  column: Column,
  dense: DenseValues,
  isCompressed: boolean,
  wanted: WriteEncoding | undefined,
  name: string,
): ValueEncoder {
  if (column.type === 'bool') {
    refuse(wanted, ['plain'], column, name);
    return boolEncoder(dense.values as Uint8Array);
  }
  const words = dense.values as Int32Array;
  if (column.type === 'string') {
    refuse(wanted, ['plain', 'dictionary', 'delta'], column, name);
    return textEncoder(column.dictionary, words, dense.count, wanted);
  }
  const isFloat = column.type === 'float64' || column.type === 'float32';
  refuse(
    wanted,
    isFloat
      ? ['plain', 'dictionary', 'byte-stream-split']
      : ['plain', 'dictionary', 'delta', 'byte-stream-split'],
    column,
    name,
  );
  const { step, count } = dense;
  if (wanted === undefined || wanted === 'dictionary') {
    const dictionary = wordDictionary(words, count, step);
    if (dictionary !== null) {
      const { entries, size, codes } = dictionary;
      return codesEncoder(codes, { bytes: bytesOf(entries), count: size });
    }
  }
  const chosen =
    wanted === undefined || wanted === 'dictionary' ? chooseFor(words, dense, isFloat, isCompressed) : wanted;
  if (chosen === 'delta') return deltaEncoder(words, step);
  return chosen === 'byte-stream-split' ? splitEncoder(words, step) : plainEncoder(words, step);
}

function chooseFor(
  words: Int32Array,
  { count, step }: DenseValues,
  isFloat: boolean,
  isCompressed: boolean,
): WriteEncoding {
  if (isFloat) return isCompressed ? 'byte-stream-split' : 'plain';
  if (count < 2) return 'plain';
  const end = Math.min(count, SAMPLE);
  const out = new Uint8Array(deltaBound(end, step));
  return encodeDelta(words, 0, end, step, out, 0) < 0.75 * 4 * step * end ? 'delta' : 'plain';
}

function refuse(
  wanted: WriteEncoding | undefined,
  possible: readonly WriteEncoding[],
  column: Column,
  name: string,
): void {
  if (wanted === undefined || possible.includes(wanted)) return;
  throw new ConfigurationError('a column cannot be encoded as asked for', {
    expected: `${possible.join(' or ')} for ${column.type}`,
    found: wanted,
    where: { column: name },
  });
}

function codesEncoder(codes: Int32Array, dictionary: { bytes: Uint8Array; count: number }): ValueEncoder {
  const width = 32 - Math.clz32(Math.max(0, dictionary.count - 1));
  return {
    encoding: 'RLE_DICTIONARY',
    dictionary,
    bound: (start, end) => 1 + hybridBound(end - start, width),
    encode(start, end, out, at) {
      out[at] = width;
      return encodeHybrid(codes, start, end, width, out, at + 1);
    },
  };
}

function plainEncoder(words: Int32Array, step: 1 | 2): ValueEncoder {
  const bytes = bytesOf(words);
  const size = 4 * step;
  return {
    encoding: 'PLAIN',
    dictionary: null,
    bound: (start, end) => (end - start) * size,
    encode(start, end, out, at) {
      out.set(bytes.subarray(start * size, end * size), at);
      return at + (end - start) * size;
    },
  };
}

function splitEncoder(words: Int32Array, step: 1 | 2): ValueEncoder {
  const size = 4 * step;
  return {
    encoding: 'BYTE_STREAM_SPLIT',
    dictionary: null,
    bound: (start, end) => (end - start) * size,
    encode(start, end, out, at) {
      splitStreams(words, start, step, end - start, out, at);
      return at + (end - start) * size;
    },
  };
}

function deltaEncoder(words: Int32Array, step: 1 | 2): ValueEncoder {
  return {
    encoding: 'DELTA_BINARY_PACKED',
    dictionary: null,
    bound: (start, end) => deltaBound(end - start, step),
    encode: (start, end, out, at) => encodeDelta(words, start, end, step, out, at),
  };
}

function boolEncoder(values: Uint8Array): ValueEncoder {
  return {
    encoding: 'PLAIN',
    dictionary: null,
    bound: (start, end) => (end - start + 7) >> 3,
    encode(start, end, out, at) {
      const stop = at + ((end - start + 7) >> 3);
      out.fill(0, at, stop);
      for (let i = start; i < end; i++)
        out[at + ((i - start) >> 3)]! |= (values[i]! & 1) << ((i - start) & 7);
      return stop;
    },
  };
}

/** Text is coded already: what is left is to drop entries that no row uses, in order of first use. */
function textEncoder(
  dictionary: readonly string[],
  codes: Int32Array,
  count: number,
  wanted: WriteEncoding | undefined,
): ValueEncoder {
  const recode = new Int32Array(dictionary.length).fill(-1);
  const used: Buffer[] = [];
  const own = new Int32Array(count);
  let bytes = 0;
  // Equal neighbours are common (sorted keys).
  let last = -1;
  let fresh = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    if (code === last) {
      own[i] = fresh;
      continue;
    }
    last = code;
    fresh = recode[code]!;
    if (fresh === -1) {
      fresh = used.length;
      recode[code] = fresh;
      const text = Buffer.from(dictionary[code]!);
      used.push(text);
      bytes += 4 + text.length;
    }
    own[i] = fresh;
  }
  const isSmall = 2 * used.length <= count + 1 && bytes <= LARGEST_DICTIONARY;
  if (wanted === 'dictionary' || (wanted === undefined && isSmall && count > 0))
    return codesEncoder(own, { bytes: plainTexts(used, bytes), count: used.length });
  return wanted === 'delta' || wanted === undefined
    ? deltaTextEncoder(used, own)
    : plainTextEncoder(used, own);
}

function plainTexts(texts: readonly Uint8Array[], size: number): Uint8Array {
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    out.set(text, at + 4);
    at += 4 + text.length;
  }
  return out;
}

function plainTextEncoder(texts: readonly Uint8Array[], codes: Int32Array): ValueEncoder {
  return {
    encoding: 'PLAIN',
    dictionary: null,
    bound: (start, end) => textBytes(texts, codes, start, end) + 4 * (end - start),
    encode(start, end, out, at) {
      const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
      let to = at;
      for (let i = start; i < end; i++) {
        const text = texts[codes[i]!]!;
        view.setUint32(to, text.length, true);
        out.set(text, to + 4);
        to += 4 + text.length;
      }
      return to;
    },
  };
}

/** DELTA_LENGTH_BYTE_ARRAY: lengths compress best among themselves, and so do texts. */
function deltaTextEncoder(texts: readonly Uint8Array[], codes: Int32Array): ValueEncoder {
  return {
    encoding: 'DELTA_LENGTH_BYTE_ARRAY',
    dictionary: null,
    bound: (start, end) => textBytes(texts, codes, start, end) + deltaBound(end - start, 1),
    encode(start, end, out, at) {
      const lengths = new Int32Array(end - start);
      for (let i = start; i < end; i++) lengths[i - start] = texts[codes[i]!]!.length;
      let to = encodeDelta(lengths, 0, lengths.length, 1, out, at);
      for (let i = start; i < end; i++) {
        const text = texts[codes[i]!]!;
        out.set(text, to);
        to += text.length;
      }
      return to;
    },
  };
}

function textBytes(texts: readonly Uint8Array[], codes: Int32Array, start: number, end: number): number {
  let bytes = 0;
  for (let i = start; i < end; i++) bytes += texts[codes[i]!]!.length;
  return bytes;
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
