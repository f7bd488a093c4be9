import { crc32 } from 'node:zlib';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { CompressionCodec, Encoding, PageHeader } from 'hyparquet';
import { Damage, pageBytes, type PageBytes } from '../encodings/bytes.ts';
import { checkThrift } from '../footer/thrift-bounds.ts';
import { decompress } from './decompress.ts';

/** A page of a column chunk, still compressed. */
export interface Page {
  readonly header: PageHeader;
  /** What follows the header. */
  readonly body: Uint8Array;
  /** Values of a data page, missing ones counted, or of a dictionary. */
  readonly count: number;
  readonly encoding: Encoding;
  readonly isDictionary: boolean;
}

/** A page, decompressed: definition levels lie in `levels`, values in `values` from `start`. */
export interface OpenPage {
  readonly levels: { readonly page: PageBytes; readonly start: number; readonly end: number } | null;
  readonly values: PageBytes;
  readonly start: number;
}

/**
 * Reads the page at a place and checks its header and checksum.
 * @param bytes of the chunk
 * @param at first byte of the header
 * @returns the page, and the byte after it
 * @throws Damage when it cannot be right
 */
export function pageAt(bytes: Uint8Array, at: number): { page: Page; end: number } {
  checkThrift(bytes, at, bytes.length);
  const reader = { view: pageBytes(bytes).view, offset: at };
  const header = parquetHeader(reader);
  const { compressed_page_size: size, uncompressed_page_size: inflated, crc } = header;
  const start = reader.offset;
  if (!(Number.isInteger(size) && size >= 0 && size <= bytes.length - start))
    throw new Damage(`a page of ${size} bytes where ${bytes.length - start} are left`);
  if (!(Number.isInteger(inflated) && inflated >= 0)) throw new Damage(`a page of ${inflated} bytes`);
  const body = bytes.subarray(start, start + size);
  if (crc !== undefined && (crc32(body) | 0) !== (crc | 0))
    throw new Damage(
      `the checksum ${hex(crc32(body))} where the page header says ${hex(crc)}: its bytes were altered`,
    );
  const described = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
  const isDictionary = header.type === 'DICTIONARY_PAGE';
  const isData = header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2';
  const count = described?.num_values ?? -1;
  if ((isData || isDictionary) && !(Number.isInteger(count) && count >= 0))
    throw new Damage(`a page of ${count} values`);
  return {
    page: { header, body, count, encoding: described?.encoding ?? 'PLAIN', isDictionary },
    end: start + size,
  };
}

/**
 * Decompresses a page and finds its parts.
 * @param page of a column that is not nested
 * @param codec of the chunk
 * @param hasLevels whether the column is optional
 * @returns levels and values
 */
export function openPage(page: Page, codec: CompressionCodec, hasLevels: boolean): OpenPage {
  const { header, body } = page;
  const v2 = header.data_page_header_v2;
  if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
    const levelBytes = v2.definition_levels_byte_length;
    const skipped = v2.repetition_levels_byte_length;
    const start = skipped + levelBytes;
    if (!(skipped >= 0 && levelBytes >= 0 && start <= body.length && start <= header.uncompressed_page_size))
      throw new Damage(`levels of ${start} bytes in a page of ${body.length}`);
    const rest = body.subarray(start);
    const size = header.uncompressed_page_size - start;
    const values = pageBytes(v2.is_compressed === false ? rest : decompress(codec, rest, size));
    const levels = hasLevels ? { page: pageBytes(body), start: skipped, end: start } : null;
    return { levels, values, start: 0 };
  }
  const values = pageBytes(decompress(codec, body, header.uncompressed_page_size));
  if (!hasLevels || page.isDictionary) return { levels: null, values, start: 0 };
  if (header.data_page_header?.definition_level_encoding !== 'RLE')
    throw new Damage(
      `definition levels in the encoding ${header.data_page_header?.definition_level_encoding}`,
    );
  if (values.bytes.length < 4) throw new Damage('the page ends before its definition levels');
  const length = values.view.getUint32(0, true);
  if (length > values.bytes.length - 4) throw new Damage(`definition levels of ${length} bytes`);
  return { levels: { page: values, start: 4, end: 4 + length }, values, start: 4 + length };
}

function hex(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0');
}
