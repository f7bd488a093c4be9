import type { Encoding, SchemaElement } from 'hyparquet';
import type { Column } from '@hemline/core';
import { plainByteArrays } from '../encodings/byte-arrays.ts';
import { type PageBytes, Damage } from '../encodings/bytes.ts';
import { TextCodes } from '../encodings/text-codes.ts';
import type { ColumnSink } from './column-sink.ts';
import { checkCodes, decodeCodes } from './dictionary-codes.ts';
import { byteArrays } from './fixed-sink.ts';
import { spread } from './spread.ts';

const BYTE_ARRAY: SchemaElement = { type: 'BYTE_ARRAY', name: 'text' };

/** Strings: the codes of the file's dictionary are kept, and strings outside of it get codes after them. */
export class TextSink implements ColumnSink {
  readonly #codes: Int32Array;
  readonly #texts = new TextCodes();
  /** Code of each entry of the file's dictionary; null when it is the entry's own number. */
  #recode: Int32Array | null = null;
  #size = -1;

  /** @param rows of the row group */
  constructor(rows: number) {
    this.#codes = new Int32Array(rows);
  }

  addDictionary(page: PageBytes, count: number): void {
    const entries = plainByteArrays(page, 0, count);
    const recode = new Int32Array(count);
    this.#texts.add(entries, recode, 0);
    this.#size = count;
    this.#recode = recode.every((code, entry) => code === entry) ? null : recode;
  }

  addValues(page: PageBytes, start: number, encoding: Encoding, row: number, count: number): void {
    if (encoding !== 'RLE_DICTIONARY' && encoding !== 'PLAIN_DICTIONARY') {
      this.#texts.add(byteArrays(page, start, encoding, BYTE_ARRAY, count), this.#codes, row);
      return;
    }
    if (this.#size === -1) throw new Damage('dictionary indices without a dictionary');
    const codes = this.#codes;
    decodeCodes(page, start, codes, row, count);
    checkCodes(codes, row, count, this.#size);
    const recode = this.#recode;
    if (recode !== null) for (let i = row; i < row + count; i++) codes[i] = recode[codes[i]!]!;
  }

  spread(row: number, count: number, present: number, validity: Uint8Array): void {
    spread(this.#codes, 1, row, count, present, validity);
  }

  finish(validity: Uint8Array | null): Column {
    return {
      type: 'string',
      length: this.#codes.length,
      values: this.#codes,
      dictionary: this.#texts.dictionary,
      validity,
    };
  }
}
