import { Damage, type PageBytes } from './bytes.ts';

/** Room for one group of eight values of 32 bits, and what the last load reads beyond it. */
const scratch = new Uint8Array(64);
const scratchView = new DataView(scratch.buffer);

/**
 * Unpacks values of a fixed number of bits, least significant bit first, in groups of eight
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
 * @param page with the packed bytes
 * @param start of the first group
 * @param width bits a value, 1 to 32
 * @param out takes the values
 * @param at index of the first
 * @param count of values; the last group may hold more
 */
export function unpackBits(
  { bytes, view }: PageBytes,
  start: number,
  width: number,
  out: Int32Array,
  at: number,
  count: number,
): void {
  if (start + Math.ceil((count * width) / 8) > bytes.length) throw new Damage('packed values are cut short');
  // A group is read by loads of four bytes, the last of which may reach beyond it: the rest goes through a copy.
  const lastLoad = ((7 * width) >> 3) + (width > 25 ? 8 : 4);
  const safeGroups = Math.floor((bytes.length - lastLoad - start) / width) + 1;
  const groups = Math.max(0, Math.min(count >> 3, safeGroups));
  if (width <= 25) unpackNarrow(view, start, width, out, at, groups);
  else unpackWide(view, start, width, out, at, groups);
  const group = new Int32Array(8);
  for (let done = groups * 8; done < count; done += 8) {
    const from = start + (done >> 3) * width;
    scratch.fill(0);
    scratch.set(bytes.subarray(from, Math.min(bytes.length, from + width)));
    if (width <= 25) unpackNarrow(scratchView, 0, width, group, 0, 1);
    else unpackWide(scratchView, 0, width, group, 0, 1);
    const rest = Math.min(8, count - done);
    for (let i = 0; i < rest; i++) out[at + done + i] = group[i]!;
  }
}

/** Up to 25 bits fit into one load at any bit offset. Written out: a loop over the eight costs half as much again. */
function unpackNarrow(
  view: DataView,
  start: number,
  width: number,
  out: Int32Array,
  at: number,
  groups: number,
): void {
  const mask = (1 << width) - 1;
  const byte1 = width >> 3;
  const bit1 = width & 7;
  const byte2 = (2 * width) >> 3;
  const bit2 = (2 * width) & 7;
  const byte3 = (3 * width) >> 3;
  const bit3 = (3 * width) & 7;
  const byte4 = (4 * width) >> 3;
  const bit4 = (4 * width) & 7;
  const byte5 = (5 * width) >> 3;
  const bit5 = (5 * width) & 7;
  const byte6 = (6 * width) >> 3;
  const bit6 = (6 * width) & 7;
  const byte7 = (7 * width) >> 3;
  const bit7 = (7 * width) & 7;
  const end = at + groups * 8;
  for (let from = start, to = at; to < end; from += width, to += 8) {
    out[to] = view.getUint32(from, true) & mask;
    out[to + 1] = (view.getUint32(from + byte1, true) >>> bit1) & mask;
    out[to + 2] = (view.getUint32(from + byte2, true) >>> bit2) & mask;
    out[to + 3] = (view.getUint32(from + byte3, true) >>> bit3) & mask;
    out[to + 4] = (view.getUint32(from + byte4, true) >>> bit4) & mask;
    out[to + 5] = (view.getUint32(from + byte5, true) >>> bit5) & mask;
    out[to + 6] = (view.getUint32(from + byte6, true) >>> bit6) & mask;
    out[to + 7] = (view.getUint32(from + byte7, true) >>> bit7) & mask;
  }
}

function unpackWide(
  view: DataView,
  start: number,
  width: number,
  out: Int32Array,
  at: number,
  groups: number,
): void {
  const mask = width === 32 ? -1 : (1 << width) - 1;
  for (let i = 0, bit = 0; i < groups * 8; i++, bit += width) {
    const from = start + Math.floor(bit / 8);
    const offset = bit & 7;
    const low = view.getUint32(from, true) >>> offset;
    const high = offset === 0 ? 0 : view.getUint8(from + 4) << (32 - offset);
    out[at + i] = (low | high) & mask;
  }
}
