import { ByteWriter } from 'hyparquet-writer';
import { createBloomFilter, sbbfInsert, writeBloomFilter } from 'hyparquet-writer/src/bloom.js';
import { hashParquetValue } from 'hyparquet/src/bloom.js';
import type { SchemaElement } from 'hyparquet';
import { isValid, type Column } from '@hemline/core';
import { storedElement } from '../footer/leaf-type.ts';

/**
 * The split-block bloom filter of a column chunk (https://parquet.apache.org/docs/file-format/bloomfilter/), 1 % false
 * positives.
 * @param column to be written
 * @param element as it is declared
 * @returns header and bitset; null when the column holds no value, or its type has no filter
 */
export function bloomFilterOf(column: Column, element: SchemaElement): Uint8Array | null {
  const distinct = distinctValues(column);
  if (distinct.size === 0 || column.type === 'bool') return null;
  const plain = storedElement(element);
  const blocks = createBloomFilter(distinct.size);
  for (const value of distinct) {
    const hash = hashParquetValue(value as never, plain);
    if (hash === undefined) return null;
    sbbfInsert(blocks, hash);
  }
  const writer = new ByteWriter();
  writeBloomFilter(writer as never, blocks);
  return writer.getBytes();
}

function distinctValues(column: Column): Set<unknown> {
  const distinct = new Set<unknown>();
  for (let row = 0; row < column.length; row++) if (isValid(column, row)) distinct.add(column.values[row]);
  return column.type === 'string'
    ? new Set([...distinct].map((code) => column.dictionary[code as number]!))
    : distinct;
}
