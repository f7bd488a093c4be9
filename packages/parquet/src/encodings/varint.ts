import { Damage } from './bytes.ts';

/** A place in a page that decoders move on. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  /**
   * @param bytes of a page
   * @param at first byte to read
   * @param end byte after the last that may be read
   */
  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /**
   * An unsigned LEB128 number of at most 32 bits.
   * @returns 0 to 2^32 − 1
   */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw new Damage('the page ends within a number');
      const byte = this.bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new Damage('a number has more than 32 bits');
  }

  /**
   * A zigzag-coded LEB128 number of at most 64 bits.
   * @returns the signed number
   */
  zigzag(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= this.end) throw new Damage('the page ends within a number');
      const byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new Damage('a number has more than 64 bits');
  }

  /**
   * Passes over bytes.
   * @param count of them
   * @returns where they began
   */
  skip(count: number): number {
    const start = this.at;
    if (count < 0 || count > this.end - start)
      throw new Damage(`the page ends ${count - (this.end - start)} bytes too early`);
    this.at += count;
    return start;
  }
}
