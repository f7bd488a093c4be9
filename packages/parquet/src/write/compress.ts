import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { CompressionCodec } from 'hyparquet';

/** Codecs that can be written. */
export type WriteCodec = 'zstd' | 'snappy' | 'gzip' | 'none';

/** Their names in the format. */
export const CODEC_NAMES = {
  zstd: 'ZSTD',
  snappy: 'SNAPPY',
  gzip: 'GZIP',
  none: 'UNCOMPRESSED',
} as const satisfies Record<WriteCodec, CompressionCodec>;

/** Higher levels cost several times as much for a few per cent. */
const ZSTD_LEVEL = 1;

/**
 * Compresses a page.
 * @param codec to use
 * @param input bytes of the page
 * @returns the compressed bytes
 */
export function compress(codec: WriteCodec, input: Uint8Array): Uint8Array {
  switch (codec) {
    case 'zstd':
      return zstdCompressSync(input, {
        // Room for all of the output: taking it in pieces costs a third of the speed.
        chunkSize: input.length + (input.length >> 7) + 1024,
        pledgedSrcSize: input.length,
        params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
      });
    case 'gzip':
      return gzipSync(input);
    case 'snappy':
      return snappyCompress(input);
    default:
      return input;
  }
}
