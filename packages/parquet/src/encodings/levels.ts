import { type PageBytes, Damage } from './bytes.ts';
import { Cursor } from './varint.ts';

/** Bits set in a byte. */
const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Which rows of a column chunk hold a value: a bitmap that is made when the first row is missing. */
export class Validity {
  readonly #rows: number;
  #bitmap: Uint8Array | null = null;

  /** @param rows of the chunk */
  constructor(rows: number) {
    this.#rows = rows;
  }

  /** In Arrow's order; null while nothing is missing. */
  get bitmap(): Uint8Array | null {
    return this.#bitmap;
  }

  /**
   * Takes in the definition levels of a page of an optional column: the hybrid encoding of one bit a row.
   * @param page with the levels
   * @param start of the first run
   * @param end byte after the last
   * @param row first row of the page
   * @param count rows of the page
   * @returns how many of them hold a value
   */
  addLevels(page: PageBytes, start: number, end: number, row: number, count: number): number {
    const cursor = new Cursor(page.bytes, start, end);
    let present = 0;
    let done = 0;
    while (done < count) {
      const header = cursor.varint();
      if ((header & 1) === 1) {
        const run = Math.min((header >>> 1) * 8, count - done);
        const from = cursor.skip(Math.min(header >>> 1, cursor.end - cursor.at));
        if (from + ((run + 7) >> 3) > cursor.at) throw new Damage('definition levels are cut short');
        present += this.#addBits(page.bytes, from, row + done, run);
        done += run;
      } else {
        const run = Math.min(header >>> 1, count - done);
        const level = page.bytes[cursor.skip(1)]!;
        if (level > 1) throw new Damage(`a definition level of ${level} in a column that is not nested`);
        if (level === 0) this.#clear(row + done, run);
        present += level * run;
        done += run;
      }
    }
    return present;
  }

  #addBits(bytes: Uint8Array, from: number, row: number, count: number): number {
    let present = 0;
    let i = 0;
    // Whole bytes: most have no row missing, and need no bitmap.
    for (; i + 8 <= count; i += 8) {
      const bits = bytes[from + (i >> 3)]!;
      if (bits === 0xff) present += 8;
      else present += this.#addByte(bits, row + i, 8);
    }
    if (i < count) present += this.#addByte(bytes[from + (i >> 3)]!, row + i, count - i);
    return present;
  }

  #addByte(bits: number, row: number, count: number): number {
    const missing = ~bits & ((1 << count) - 1);
    if (missing === 0) return count;
    this.#bitmap ??= allPresent(this.#rows);
    const shifted = missing << (row & 7);
    this.#bitmap[row >> 3]! &= ~shifted;
    if (shifted > 0xff) this.#bitmap[(row >> 3) + 1]! &= ~(shifted >> 8);
    return count - BITS_SET[missing]!;
  }

  #clear(row: number, count: number): void {
    if (count === 0) return;
    this.#bitmap ??= allPresent(this.#rows);
    const bitmap = this.#bitmap;
    let r = row;
    const end = row + count;
    for (; r < end && (r & 7) !== 0; r++) bitmap[r >> 3]! &= ~(1 << (r & 7));
    if (end - r >= 8) {
      bitmap.fill(0, r >> 3, end >> 3);
      r = end & ~7;
    }
    for (; r < end; r++) bitmap[r >> 3]! &= ~(1 << (r & 7));
  }
}

function allPresent(rows: number): Uint8Array {
  const bitmap = new Uint8Array((rows + 7) >> 3).fill(0xff);
  if (rows % 8 !== 0) bitmap[bitmap.length - 1] = (1 << (rows % 8)) - 1;
  return bitmap;
}
