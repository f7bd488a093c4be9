import { createHash } from 'node:crypto';
import { openSource } from '@hemline/stores';

/** More of a footer than this tells nothing new. */
const LARGEST_FOOTER = 1 << 24;

/**
 * Tells one content of a Parquet file from another of the same size, without reading it: the digest of its footer, which
 * holds sizes, statistics and, in files written here, checksums of all data.
 * @param path of the file
 * @returns hexadecimal
 */
export async function footerDigest(path: string): Promise<string> {
  const source = await openSource(path);
  try {
    const { size } = source;
    const tail = await source.read({ start: Math.max(0, size - 8), end: size });
    const length = tail.length < 8 ? 0 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
    // What is no Parquet file is told when it is opened.
    const start = Math.max(0, size - 8 - Math.min(length, LARGEST_FOOTER));
    const footer = await source.read({ start, end: size });
    return createHash('sha256').update(footer).digest('hex');
  } finally {
    await source.close();
  }
}
