import { crc32 } from 'node:zlib';
import { Damage } from '../encodings/bytes.ts';

/**
 * Parquet's page checksums leave out page headers, indexes and the footer. Files written here carry further ones as
 * key-value metadata, which other readers pass over: together they cover every byte.
 */
export const CHECKSUM_KEYS = {
  /** In the file's metadata: the footer, taken with zeros in the place of this value. */
  footer: 'hemline.footer_crc32',
  /** In a column chunk's metadata: all bytes of the chunk, page headers too. */
  chunk: 'hemline.crc32',
  /** In a column chunk's metadata: its column index, then its offset index. */
  indexes: 'hemline.index_crc32',
} as const;

/** What stands in the place of the footer's checksum while it is computed. */
export const NO_CHECKSUM = '00000000';

/**
 * @param parts bytes, taken as if they were joined
 * @returns their CRC-32 as 8 hexadecimal digits
 */
export function checksumOf(...parts: readonly Uint8Array[]): string {
  return parts
    .reduce((crc, part) => crc32(part, crc), 0)
    .toString(16)
    .padStart(8, '0');
}

/**
 * Finds where the footer's own checksum stands.
 * @param footer bytes of the metadata struct
 * @returns offset of its 8 digits, -1 when there is none
 */
export function footerChecksumAt(footer: Uint8Array): number {
  const key = Buffer.from(CHECKSUM_KEYS.footer);
  const at = Buffer.from(footer.buffer, footer.byteOffset, footer.byteLength).lastIndexOf(key);
  // After the key: the header of the next field, and the length of its text.
  const value = at + key.length + 2;
  return at === -1 || value + NO_CHECKSUM.length > footer.length ? -1 : value;
}

/**
 * Checks the footer against the checksum that it carries, if it does.
 * @param footer bytes of the metadata struct
 * @param isOurs whether it must carry one
 * @throws Damage when they do not agree
 */
export function checkFooter(footer: Uint8Array, isOurs: boolean): void {
  const at = footerChecksumAt(footer);
  if (at === -1) {
    if (isOurs) throw new Damage('a footer whose checksum is missing');
    return;
  }
  const digits = Buffer.from(footer.subarray(at, at + NO_CHECKSUM.length)).toString('latin1');
  const zeros = Buffer.from(NO_CHECKSUM);
  const found = checksumOf(footer.subarray(0, at), zeros, footer.subarray(at + NO_CHECKSUM.length));
  if (found !== digits) throw new Damage(`a footer whose checksum is ${found} where it says ${digits}`);
}
