/** Shortest repetition that is written as a run; shorter ones are packed. */
const SHORTEST_RUN = 8;

/**
 * Bytes that {@link encodeHybrid} may need at most.
 * @param count of values
 * @param width bits a value
 * @returns an upper bound
 */
export function hybridBound(count: number, width: number): number {
  // A run of eight at the least for every header and value; packed groups, and a header for each stretch of them.
  return Math.ceil(count / 8) * (width + 10) + 16;
}

/**
 * Encodes values as the RLE/bit-packing hybrid
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
 * @param values at most `width` bits each
 * @param start first value
 * @param end value after the last
 * @param width bits a value, 0 to 32
 * @param out takes the bytes; {@link hybridBound} tells its size
 * @param at first byte
 * @returns byte after the last
 */
export function encodeHybrid(
  values: Int32Array,
  start: number,
  end: number,
  width: number,
  out: Uint8Array,
  at: number,
): number {
  let to = at;
  let packedFrom = start;
  for (let i = start; i < end;) {
    const value = values[i]!;
    let run = i + 1;
    while (run < end && values[run] === value) run++;
    if (run - i >= SHORTEST_RUN) {
      to = packRun(values, packedFrom, i, width, out, to);
      to = putVarint(out, to, (run - i) * 2);
      for (let bits = 0; bits < width; bits += 8) out[to++] = value >>> bits;
      i = run;
      packedFrom = i;
    } else {
      // Packed stretches consist of whole groups of eight.
      i = Math.min(end, i + 8);
    }
  }
  return packRun(values, packedFrom, end, width, out, to);
}

function packRun(
  values: Int32Array,
  start: number,
  end: number,
  width: number,
  out: Uint8Array,
  at: number,
): number {
  if (start === end) return at;
  const groups = Math.ceil((end - start) / 8);
  const to = putVarint(out, at, groups * 2 + 1);
  packBits(values, start, end, width, out, to);
  return to + groups * width;
}

/**
 * Packs values of a fixed number of bits, least significant bit first; the last group of eight is filled with zeros.
 * @param values at most `width` bits each
 * @param start first value
 * @param end value after the last
 * @param width bits a value, 0 to 32
 * @param out takes the bytes
 * @param at first byte
 */
export function packBits(
  values: Int32Array,
  start: number,
  end: number,
  width: number,
  out: Uint8Array,
  at: number,
): void {
  let to = at;
  let word = 0;
  let bits = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    word |= value << bits;
    bits += width;
    if (bits < 32) continue;
    out[to] = word;
    out[to + 1] = word >>> 8;
    out[to + 2] = word >>> 16;
    out[to + 3] = word >>> 24;
    to += 4;
    bits -= 32;
    word = bits === 0 ? 0 : value >>> (width - bits);
  }
  const stop = at + Math.ceil((end - start) / 8) * width;
  for (; to < stop; to++) {
    out[to] = word;
    word >>>= 8;
  }
}

/**
 * Writes an unsigned LEB128 number.
 * @param out takes the bytes
 * @param at first byte
 * @param value below 2^32
 * @returns byte after the last
 */
export function putVarint(out: Uint8Array, at: number, value: number): number {
  let to = at;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out[to++] = (rest & 0x7f) | 0x80;
  out[to++] = rest;
  return to;
}
