import { parquetReadObjects, type CompressionCodec, type Compressors } from 'hyparquet';
import { DataError } from '@hemline/core';
import type { ByteSource } from '../byte-source.ts';
import { readFooter } from '../footer/read-footer.ts';
import { decompress } from './decompress.ts';

/** A row with structs as objects, maps as objects, lists as arrays; 64-bit integers are bigints, what is missing undefined. */
export type NestedRow = Readonly<Record<string, unknown>>;

/** Codecs as hyparquet asks for them, each with the size that the page header promises. */
const COMPRESSORS: Compressors = Object.fromEntries(
  (['SNAPPY', 'GZIP', 'BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD'] as const satisfies CompressionCodec[]).map(
    (codec) => [codec, (input: Uint8Array, size: number) => decompress(codec, input, size)],
  ),
);

/**
 * Reads columns of any nesting as row objects: for logs of tables and other small files. Holds all of it in memory; data is
 * read in typed columns.
 * @param source of the file
 * @param columns at the top of the schema; those that the file lacks are left out
 * @returns the rows in their order
 * @throws DataError when it is empty, cut short, damaged or no Parquet file
 */
export async function readNestedRows(source: ByteSource, columns: readonly string[]): Promise<NestedRow[]> {
  const { footer } = await readFooter(source);
  const present = columns.filter((column) => footer.columns.some(({ name }) => name === column));
  const file = {
    byteLength: source.size,
    async slice(start: number, end = source.size): Promise<ArrayBuffer> {
      const bytes = await source.read({ start, end });
      // A buffer of its own: views into larger ones are not what hyparquet reads.
      return new Uint8Array(bytes).buffer;
    },
  };
  try {
    return await parquetReadObjects({
      file,
      metadata: footer.metadata,
      columns: present,
      compressors: COMPRESSORS,
    });
  } catch (cause) {
    throw new DataError('a file of nested columns cannot be read', {
      expected: `rows of ${present.join(', ')}`,
      found: (cause as Error).message,
      where: { file: source.name },
      remedy: 'Write it again.',
      cause,
    });
  }
}
