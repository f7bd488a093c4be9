import { unpackBits } from './bit-unpack.ts';
import { type PageBytes, Damage } from './bytes.ts';
import { Cursor } from './varint.ts';

/**
 * Decodes the RLE/bit-packing hybrid: dictionary indices, levels, booleans
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
 * @param page with the runs
 * @param start of the first run
 * @param end byte after the last run
 * @param width bits a value, 0 to 32
 * @param out takes the values
 * @param at index of the first
 * @param count of values wanted; the runs may hold more
 * @throws Damage when they hold fewer
 */
export function decodeHybrid(
  page: PageBytes,
  start: number,
  end: number,
  width: number,
  out: Int32Array,
  at: number,
  count: number,
): void {
  if (width === 0) {
    out.fill(0, at, at + count);
    return;
  }
  if (width > 32) throw new Damage(`values of ${width} bits`);
  const cursor = new Cursor(page.bytes, start, end);
  const bytesOfValue = (width + 7) >> 3;
  let done = 0;
  while (done < count) {
    const header = cursor.varint();
    if ((header & 1) === 1) {
      const groups = header >>> 1;
      const packed = Math.min(groups * 8, count - done);
      // The last run of some writers is cut after its last value.
      const from = cursor.skip(Math.min(groups * width, cursor.end - cursor.at));
      if (from + Math.ceil((packed * width) / 8) > cursor.at) throw new Damage('a packed run is cut short');
      unpackBits(page, from, width, out, at + done, packed);
      done += packed;
    } else {
      const run = Math.min(header >>> 1, count - done);
      const from = cursor.skip(bytesOfValue);
      let value = 0;
      for (let i = 0; i < bytesOfValue; i++) value |= page.bytes[from + i]! << (8 * i);
      out.fill(value, at + done, at + done + run);
      done += run;
    }
  }
}
