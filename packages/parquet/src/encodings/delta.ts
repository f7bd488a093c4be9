import { unpackBits } from './bit-unpack.ts';
import { type PageBytes, Damage } from './bytes.ts';
import { Cursor } from './varint.ts';

/** Largest block that is accepted; writers use 128. */
const MAX_BLOCK = 1 << 16;

/**
 * Decodes DELTA_BINARY_PACKED integers
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC). Sums wrap as two's complement does.
 * @param page with the blocks
 * @param start of the header
 * @param end byte that must not be read any more
 * @param words takes the values: one word a value, or two for 64 bits, lower half first
 * @param at index of the first value
 * @param count of values wanted
 * @param step words a value
 * @returns byte after the encoded values
 * @throws Damage when there are not as many values, or the blocks make no sense
 */
export function decodeDelta(
  page: PageBytes,
  start: number,
  end: number,
  words: Int32Array,
  at: number,
  count: number,
  step: 1 | 2,
): number {
  const cursor = new Cursor(page.bytes, start, end);
  const blockSize = cursor.varint();
  const miniblocks = cursor.varint();
  const total = cursor.varint();
  const perMiniblock = blockSize / miniblocks;
  if (blockSize > MAX_BLOCK || !Number.isInteger(perMiniblock) || perMiniblock % 8 !== 0 || blockSize === 0)
    throw new Damage(`blocks of ${blockSize} values in ${miniblocks} parts`);
  if (total < count) throw new Damage(`${total} values where ${count} were expected`);
  const first = cursor.zigzag();
  const put = new DeltaSum(words, at, step, first);
  const residuals = new Int32Array(perMiniblock);
  let left = count === 0 ? 0 : count - 1;
  // All blocks are walked, so that what follows them is found.
  for (let remaining = Math.max(0, total - 1); remaining > 0; remaining -= blockSize) {
    const minDelta = cursor.zigzag();
    const widths = cursor.skip(miniblocks);
    for (let i = 0; i < miniblocks && i * perMiniblock < remaining; i++) {
      const width = page.bytes[widths + i]!;
      // DuckDB does not wrap the differences of 32-bit integers: they take 33 bits.
      if (width > 64) throw new Damage(`differences of ${width} bits`);
      const from = cursor.skip(Math.min((perMiniblock * width) >> 3, cursor.end - cursor.at));
      const wanted = Math.min(left, perMiniblock);
      if (from + Math.ceil((wanted * width) / 8) > cursor.at) throw new Damage('a block is cut short');
      if (width <= 32) {
        if (width === 0) residuals.fill(0);
        else unpackBits(page, from, width, residuals, 0, wanted);
        put.addNarrow(minDelta, residuals, wanted);
      } else {
        put.addWide(minDelta, page.view, from, width, wanted);
      }
      left -= wanted;
    }
  }
  return cursor.at;
}

/** The running sum, in halves of 32 bits: a bigint a value would cost ten times as much. */
class DeltaSum {
  readonly #words: Int32Array;
  readonly #step: 1 | 2;
  #at: number;
  #low: number;
  #high: number;

  constructor(words: Int32Array, at: number, step: 1 | 2, first: bigint) {
    this.#words = words;
    this.#step = step;
    this.#at = at * step;
    this.#low = Number(BigInt.asIntN(32, first));
    this.#high = Number(BigInt.asIntN(32, first >> 32n));
    if (this.#at < words.length) this.#put();
  }

  #put(): void {
    this.#words[this.#at] = this.#low;
    if (this.#step === 2) this.#words[this.#at + 1] = this.#high;
    this.#at += this.#step;
  }

  addNarrow(minDelta: bigint, residuals: Int32Array, count: number): void {
    const deltaLow = Number(BigInt.asIntN(32, minDelta));
    const words = this.#words;
    let at = this.#at;
    let low = this.#low;
    if (this.#step === 1) {
      for (let i = 0; i < count; i++) {
        low = (low + deltaLow + residuals[i]!) | 0;
        words[at++] = low;
      }
    } else {
      const deltaHigh = Number(BigInt.asIntN(32, minDelta >> 32n));
      let high = this.#high;
      for (let i = 0; i < count; i++) {
        const sum = (low >>> 0) + (deltaLow >>> 0) + (residuals[i]! >>> 0);
        low = sum | 0;
        high = (high + deltaHigh + Math.floor(sum / 4294967296)) | 0;
        words[at] = low;
        words[at + 1] = high;
        at += 2;
      }
      this.#high = high;
    }
    this.#low = low;
    this.#at = at;
  }

  addWide(minDelta: bigint, view: DataView, from: number, width: number, count: number): void {
    let sum = (BigInt(this.#high) << 32n) | BigInt(this.#low >>> 0);
    for (let i = 0; i < count; i++) {
      let residual = 0n;
      for (let bit = i * width, taken = 0; taken < width;) {
        const offset = bit & 7;
        const take = Math.min(8 - offset, width - taken);
        const bits = (view.getUint8(from + (bit >> 3)) >> offset) & ((1 << take) - 1);
        residual |= BigInt(bits) << BigInt(taken);
        taken += take;
        bit += take;
      }
      sum = BigInt.asIntN(64, sum + minDelta + residual);
      this.#low = Number(BigInt.asIntN(32, sum));
      this.#high = Number(sum >> 32n);
      this.#put();
    }
  }
}
