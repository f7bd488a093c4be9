import { packBits, putVarint } from './encode-hybrid.ts';

const BLOCK = 128;
const MINIBLOCKS = 4;
const PER_MINIBLOCK = BLOCK / MINIBLOCKS;

/**
 * Bytes that {@link encodeDelta} may need at most.
 * @param count of values
 * @param step words a value
 * @returns an upper bound
 */
export function deltaBound(count: number, step: 1 | 2): number {
  return 32 + Math.ceil(count / BLOCK) * (10 + MINIBLOCKS + BLOCK * 4 * step);
}

/**
 * Encodes integers as DELTA_BINARY_PACKED, in blocks of 128
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC).
 * @param words one word a value, or two for 64 bits, lower half first
 * @param start first value
 * @param end value after the last
 * @param step words a value
 * @param out takes the bytes; {@link deltaBound} tells its size
 * @param at first byte
 * @returns byte after the last
 */
export function encodeDelta(
  words: Int32Array,
  start: number,
  end: number,
  step: 1 | 2,
  out: Uint8Array,
  at: number,
): number {
  let to = putVarint(out, at, BLOCK);
  to = putVarint(out, to, MINIBLOCKS);
  to = putVarint(out, to, end - start);
  if (end === start) return putZigzag(out, to, 0n);
  if (step === 1) return encodeNarrow(words, start, end, out, to);
  return encodeWide(
    new BigInt64Array(words.buffer, words.byteOffset, words.length >> 1),
    start,
    end,
    out,
    to,
  );
}

/** Differences of 32-bit integers may need 33 bits; modulo 2^32 the sum is right all the same. */
function encodeNarrow(values: Int32Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = putZigzag(out, at, BigInt(values[start]!));
  const deltas = new Int32Array(BLOCK);
  for (let from = start + 1; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    let least = 0x7fffffff;
    for (let i = 0; i < count; i++) {
      const delta = (values[from + i]! - values[from + i - 1]!) | 0;
      deltas[i] = delta;
      if (delta < least) least = delta;
    }
    to = putZigzag(out, to, BigInt(least));
    const widthsAt = to;
    to += MINIBLOCKS;
    for (let m = 0; m < MINIBLOCKS; m++) {
      const first = m * PER_MINIBLOCK;
      const stop = Math.min(first + PER_MINIBLOCK, count);
      let bits = 0;
      for (let i = first; i < stop; i++) {
        deltas[i] = deltas[i]! - least;
        bits |= deltas[i]!;
      }
      const width = first < stop ? 32 - Math.clz32(bits) : 0;
      out[widthsAt + m] = width;
      if (first >= stop) continue;
      deltas.fill(0, stop, first + PER_MINIBLOCK);
      packBits(deltas, first, first + PER_MINIBLOCK, width, out, to);
      to += (PER_MINIBLOCK * width) / 8;
    }
  }
  return to;
}

/** Differences are taken as bigints a block at a time, and packed in two halves where they need more than 32 bits. */
function encodeWide(values: BigInt64Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = putZigzag(out, at, values[start]!);
  const deltas = new BigInt64Array(BLOCK);
  const residuals = new BigUint64Array(PER_MINIBLOCK);
  const words = new Int32Array(residuals.buffer);
  const narrow = new Int32Array(PER_MINIBLOCK);
  for (let from = start + 1; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    let least = 2n ** 63n - 1n;
    for (let i = 0; i < count; i++) {
      deltas[i] = values[from + i]! - values[from + i - 1]!;
      if (deltas[i]! < least) least = deltas[i]!;
    }
    to = putZigzag(out, to, least);
    const widthsAt = to;
    to += MINIBLOCKS;
    for (let m = 0; m < MINIBLOCKS; m++) {
      const first = m * PER_MINIBLOCK;
      const stop = Math.min(first + PER_MINIBLOCK, count);
      out[widthsAt + m] = 0;
      if (first >= stop) continue;
      residuals.fill(0n);
      let low = 0;
      let high = 0;
      for (let i = first; i < stop; i++) {
        residuals[i - first] = deltas[i]! - least;
        low |= words[2 * (i - first)]!;
        high |= words[2 * (i - first) + 1]!;
      }
      const width = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
      out[widthsAt + m] = width;
      if (width <= 32) {
        for (let i = 0; i < PER_MINIBLOCK; i++) narrow[i] = words[2 * i]!;
        packBits(narrow, 0, PER_MINIBLOCK, width, out, to);
      } else packWide(residuals, width, out, to);
      to += (PER_MINIBLOCK * width) / 8;
    }
  }
  return to;
}

function packWide(residuals: BigUint64Array, width: number, out: Uint8Array, at: number): void {
  let pending = 0n;
  let bits = 0;
  let to = at;
  for (const residual of residuals) {
    pending |= residual << BigInt(bits);
    bits += width;
    for (; bits >= 8; bits -= 8) {
      out[to++] = Number(pending & 0xffn);
      pending >>= 8n;
    }
  }
}

function putZigzag(out: Uint8Array, at: number, value: bigint): number {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let to = at;
  for (; rest >= 0x80n; rest >>= 7n) out[to++] = Number(rest & 0x7fn) | 0x80;
  out[to++] = Number(rest);
  return to;
}
