import { type PageBytes, Damage } from '../encodings/bytes.ts';
import { decodeHybrid } from '../encodings/hybrid.ts';

let scratch = new Int32Array(1 << 15);

/**
 * Decodes dictionary indices into memory that the next call uses again.
 * @param page with the bit width, then the indices
 * @param start of the bit width
 * @param count of indices
 * @returns at least `count` values; not checked against the dictionary
 */
export function scratchCodes(page: PageBytes, start: number, count: number): Int32Array {
  if (count > scratch.length) scratch = new Int32Array(count);
  decodeCodes(page, start, scratch, 0, count);
  return scratch;
}

/**
 * Decodes dictionary indices.
 * @param page with the bit width, then the indices
 * @param start of the bit width
 * @param out takes them
 * @param at index of the first
 * @param count of indices
 */
export function decodeCodes(
  page: PageBytes,
  start: number,
  out: Int32Array,
  at: number,
  count: number,
): void {
  if (count === 0) return;
  if (start >= page.bytes.length) throw new Damage('the page ends before its dictionary indices');
  decodeHybrid(page, start + 1, page.bytes.length, page.bytes[start]!, out, at, count);
}

/**
 * Refuses indices beyond the dictionary.
 * @param codes indices
 * @param at index of the first
 * @param count of them
 * @param size of the dictionary
 */
export function checkCodes(codes: Int32Array, at: number, count: number, size: number): void {
  let greatest = 0;
  for (let i = at; i < at + count; i++) {
    const code = codes[i]! >>> 0;
    if (code > greatest) greatest = code;
  }
  if (count > 0 && greatest >= size)
    throw new Damage(`an index of ${greatest} into a dictionary of ${size} values`);
}
