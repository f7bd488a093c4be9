import {
  Batch,
  boolColumn,
  dateColumn,
  decimalColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  stringColumn,
  stringsToColumn,
  timestampColumn,
  validityWithout,
} from '@hemline/core';
import { encodeParquet, type ParquetWriteOptions } from '../../src/write/encode-parquet.ts';
import { MemorySink } from '../../src/memory.ts';

/** Every type, 60 rows, every third of some columns missing. */
function everyType(): Batch {
  const rows = 60;
  const missing = Array.from({ length: rows }, (_, row) => row).filter((row) => row % 3 === 1);
  const validity = validityWithout(rows, missing);
  const fill = (next: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => next(row));
  return new Batch({
    text: stringColumn(Int32Array.from(fill((row) => row % 4)), ['', 'a', 'Größe', '😀'], validity),
    names: stringsToColumn(Array.from({ length: rows }, (_, row) => `article-${row * 7919}`)),
    day: dateColumn(Int32Array.from(fill((row) => 20_000 + 7 * row))),
    flag: boolColumn(Uint8Array.from(fill((row) => row % 2)), validity),
    small: int32Column(Int32Array.from(fill((row) => row % 5)), validity),
    large: int64Column(BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) ** 9n)),
    price: decimalColumn(
      BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * 1999)),
      9,
      2,
      validity,
    ),
    at: timestampColumn(
      BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) * 3_600_000_000n),
      'us',
    ),
    demand: float64Column(
      fill((row) => Math.exp(row / 7)),
      validity,
    ),
    upper: float32Column(Float32Array.from(fill((row) => Math.sqrt(row)))),
  });
}

/** A batch so small that every one of its file's bits can be tried. */
export function fewColumns(): Batch {
  return everyType().select(['text', 'small', 'demand']);
}

/**
 * @param batch to be written
 * @param options how
 * @returns the bytes of a file of ours
 */
export async function ownFile(batch: Batch, options: ParquetWriteOptions): Promise<Uint8Array> {
  const writer = new MemorySink();
  await encodeParquet(writer, [batch], options);
  return writer.content;
}

/** Files written here, by name: those of which no damage may go unseen. */
export const OWN_FILES: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'own-zstd': () => ownFile(everyType(), { codec: 'zstd' }),
  'own-snappy': () => ownFile(everyType(), { codec: 'snappy', rowGroupRows: 24 }),
  'own-gzip': () => ownFile(everyType(), { codec: 'gzip', pageRows: 16, metadata: { a: 'b' } }),
  'own-none': () => ownFile(everyType(), { codec: 'none', pageRows: 8, sortedBy: ['day'] }),
  'own-plain': () =>
    ownFile(everyType(), {
      codec: 'none',
      encodings: {
        small: 'plain',
        day: 'delta',
        demand: 'plain',
        names: 'plain',
        large: 'byte-stream-split',
      },
    }),
};
