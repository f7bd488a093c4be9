import { createHash } from 'node:crypto';
import { openParquet } from '../../src/open-parquet.ts';
import type { ByteSource } from '../../src/byte-source.ts';
import type { RangeFilter } from '../../src/parquet-file.ts';

/**
 * Reads everything that is in a file.
 * @param source of the file
 * @param where only these rows, of typed columns
 * @returns a digest of all values
 */
export async function readAll(source: ByteSource, where: readonly RangeFilter[] = []): Promise<string> {
  const file = await openParquet(source);
  const hash = createHash('sha1');
  hash.update(JSON.stringify([file.schema, file.unsupported, file.rows, file.metadata]));
  for await (const batch of file.batches({ where })) {
    for (const [name, { values, validity, ...rest }] of batch.columns) {
      hash.update(
        JSON.stringify([name, rest.type, rest.length, 'dictionary' in rest ? rest.dictionary : null]),
      );
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      if (validity !== null) hash.update(validity);
    }
  }
  return hash.digest('hex');
}
