import type { Encoding } from 'hyparquet';
import type { Column } from '@hemline/core';
import { type PageBytes, Damage } from '../encodings/bytes.ts';
import { decodeHybrid } from '../encodings/hybrid.ts';
import { unknownEncoding, type ColumnSink } from './column-sink.ts';
import { spread } from './spread.ts';

/** Booleans: a bit each on disk, a byte each here. */
export class BoolSink implements ColumnSink {
  readonly #values: Uint8Array;

  /** @param rows of the row group */
  constructor(rows: number) {
    this.#values = new Uint8Array(rows);
  }

  addDictionary(): void {
    throw new Damage('a dictionary of booleans');
  }

  addValues(page: PageBytes, start: number, encoding: Encoding, row: number, count: number): void {
    const { bytes, view } = page;
    if (encoding === 'PLAIN') {
      if (start + Math.ceil(count / 8) > bytes.length)
        throw new Damage('the page is too short for its values');
      for (let i = 0; i < count; i++) this.#values[row + i] = (bytes[start + (i >> 3)]! >> (i & 7)) & 1;
    } else if (encoding === 'RLE') {
      if (start + 4 > bytes.length) throw new Damage('the page ends before its values');
      const length = view.getUint32(start, true);
      if (length > bytes.length - start - 4) throw new Damage(`runs of ${length} bytes`);
      const bits = new Int32Array(count);
      decodeHybrid(page, start + 4, start + 4 + length, 1, bits, 0, count);
      // A run of one bit may carry a whole byte.
      for (let i = 0; i < count; i++) this.#values[row + i] = bits[i]! & 1;
    } else throw unknownEncoding(encoding, 'booleans');
  }

  spread(row: number, count: number, present: number, validity: Uint8Array): void {
    spread(this.#values, 1, row, count, present, validity);
  }

  finish(validity: Uint8Array | null): Column {
    return { type: 'bool', length: this.#values.length, values: this.#values, validity };
  }
}
