import { Damage } from './bytes.ts';

/**
 * Joins values whose bytes stand apart, all first bytes before all second ones
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#BYTESTREAMSPLIT).
 * @param bytes of a page
 * @param start of the first stream
 * @param width bytes a value
 * @param out takes the values, `width` bytes each
 * @param at byte of the first
 * @param count of values
 */
export function joinStreams(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Uint8Array,
  at: number,
  count: number,
): void {
  if (start + width * count > bytes.length) throw new Damage('the byte streams are cut short');
  if (width === 8) join8(bytes, start, out, at, count);
  else if (width === 4) join4(bytes, start, out, at, count);
  else
    for (let stream = 0, from = start; stream < width; stream++)
      for (let i = 0, to = at + stream; i < count; i++, to += width) out[to] = bytes[from++]!;
}

function join4(bytes: Uint8Array, start: number, out: Uint8Array, at: number, count: number): void {
  const s1 = start + count;
  const s2 = s1 + count;
  const s3 = s2 + count;
  for (let i = 0, to = at; i < count; i++, to += 4) {
    out[to] = bytes[start + i]!;
    out[to + 1] = bytes[s1 + i]!;
    out[to + 2] = bytes[s2 + i]!;
    out[to + 3] = bytes[s3 + i]!;
  }
}

function join8(bytes: Uint8Array, start: number, out: Uint8Array, at: number, count: number): void {
  const s4 = start + 4 * count;
  for (let i = 0, to = at; i < count; i++, to += 8) {
    out[to] = bytes[start + i]!;
    out[to + 1] = bytes[start + count + i]!;
    out[to + 2] = bytes[start + 2 * count + i]!;
    out[to + 3] = bytes[start + 3 * count + i]!;
    out[to + 4] = bytes[s4 + i]!;
    out[to + 5] = bytes[s4 + count + i]!;
    out[to + 6] = bytes[s4 + 2 * count + i]!;
    out[to + 7] = bytes[s4 + 3 * count + i]!;
  }
}

/**
 * Sets the bytes of values apart: the inverse of {@link joinStreams}.
 * @param words of the values, one or two each
 * @param start first value
 * @param step words a value
 * @param count of values
 * @param out takes `4 * step * count` bytes
 * @param at first of them
 */
export function splitStreams(
  words: Int32Array,
  start: number,
  step: 1 | 2,
  count: number,
  out: Uint8Array,
  at: number,
): void {
  // A word, and so four streams, a pass.
  for (let half = 0; half < step; half++) {
    const to0 = at + 4 * half * count;
    const to1 = to0 + count;
    const to2 = to1 + count;
    const to3 = to2 + count;
    for (let i = 0, from = start * step + half; i < count; i++, from += step) {
      const word = words[from]!;
      out[to0 + i] = word;
      out[to1 + i] = word >>> 8;
      out[to2 + i] = word >>> 16;
      out[to3 + i] = word >>> 24;
    }
  }
}
