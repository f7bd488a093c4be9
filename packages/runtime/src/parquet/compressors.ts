import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { compressors as portable } from 'hyparquet-compressors';
import type { Compressors } from 'hyparquet';

/** Node's own codecs where it has them (several times the speed of JavaScript ones), portable ones for the rest. */
export const decompressors: Compressors = {
  ...portable,
  GZIP: (input) => plainBytes(gunzipSync(input)),
  BROTLI: (input) => plainBytes(brotliDecompressSync(input)),
  ZSTD: (input) => plainBytes(zstdDecompressSync(input)),
};

/**
 * A Uint8Array over a Buffer's bytes: `Buffer.prototype.slice` is a view where `Uint8Array.prototype.slice` copies.
 * @param buffer from node:zlib
 * @returns the same bytes
 */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
