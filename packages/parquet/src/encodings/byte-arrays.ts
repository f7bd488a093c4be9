import { type PageBytes, Damage } from './bytes.ts';
import { decodeDelta } from './delta.ts';

/** Byte strings of a page: string i is `bytes[starts[i] .. starts[i] + lengths[i])`. */
export interface ByteArrays {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/**
 * PLAIN byte strings: a length of four bytes before each.
 * @param page with the strings
 * @param start of the first length
 * @param count of strings
 * @returns where they are; their bytes are not copied
 */
export function plainByteArrays({ bytes, view }: PageBytes, start: number, count: number): ByteArrays {
  if (count > (bytes.length - start) / 4) throw new Damage('the page is too short for its strings');
  const starts = new Int32Array(count);
  const lengths = new Int32Array(count);
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) throw new Damage('the page ends within a string');
    const length = view.getUint32(at, true);
    at += 4;
    if (length > bytes.length - at) throw new Damage(`a string of ${length} bytes`);
    starts[i] = at;
    lengths[i] = length;
    at += length;
  }
  return { bytes, starts, lengths };
}

/**
 * Byte strings of one length: FIXED_LEN_BYTE_ARRAY, INT96.
 * @param page with the strings
 * @param start of the first
 * @param count of strings
 * @param length bytes of each
 * @returns where they are
 */
export function fixedByteArrays(
  { bytes }: PageBytes,
  start: number,
  count: number,
  length: number,
): ByteArrays {
  if (count * length > bytes.length - start) throw new Damage('the page is too short for its values');
  const starts = new Int32Array(count);
  for (let i = 0; i < count; i++) starts[i] = start + i * length;
  return { bytes, starts, lengths: new Int32Array(count).fill(length) };
}

/**
 * DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
 * @param page with both
 * @param start of the lengths
 * @param count of strings
 * @returns where they are
 */
export function deltaLengthByteArrays(page: PageBytes, start: number, count: number): ByteArrays {
  const lengths = new Int32Array(count);
  const starts = new Int32Array(count);
  let at = decodeDelta(page, start, page.bytes.length, lengths, 0, count, 1);
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    if (length < 0 || length > page.bytes.length - at) throw new Damage(`a string of ${length} bytes`);
    starts[i] = at;
    at += length;
  }
  return { bytes: page.bytes, starts, lengths };
}

/**
 * DELTA_BYTE_ARRAY: how many bytes each shares with the one before, then the rest of each.
 * @param page with both
 * @param start of the shared lengths
 * @param count of strings
 * @returns the strings, put together; their bytes are a copy
 * @throws Damage when a string shares more than there is, or all together exceed 1 GiB
 */
export function deltaByteArrays(page: PageBytes, start: number, count: number): ByteArrays {
  const shared = new Int32Array(count);
  const suffixes = deltaLengthByteArrays(
    page,
    decodeDelta(page, start, page.bytes.length, shared, 0, count, 1),
    count,
  );
  const lengths = new Int32Array(count);
  const starts = new Int32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const before = i === 0 ? 0 : lengths[i - 1]!;
    if (shared[i]! < 0 || shared[i]! > before)
      throw new Damage(`a string that shares ${shared[i]} of ${before} bytes`);
    lengths[i] = shared[i]! + suffixes.lengths[i]!;
    starts[i] = total;
    total += lengths[i]!;
    if (total > 1 << 30) throw new Damage('a page of more than 1 GiB of text');
  }
  const bytes = new Uint8Array(total);
  for (let i = 0; i < count; i++) {
    const at = starts[i]!;
    if (i > 0) bytes.copyWithin(at, starts[i - 1]!, starts[i - 1]! + shared[i]!);
    const from = suffixes.starts[i]!;
    bytes.set(page.bytes.subarray(from, from + suffixes.lengths[i]!), at + shared[i]!);
  }
  return { bytes, starts, lengths };
}
