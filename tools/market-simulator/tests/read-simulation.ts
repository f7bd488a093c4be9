import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBatches, type Batch } from '@hemline/core';
import { openParquet } from '@hemline/parquet';

/**
 * Reads a table of a small simulation.
 * @param out folder of the simulation
 * @param table path below it, with `/market=XX` for one market
 * @returns all rows of its files, in order
 */
export async function readTable(out: string, table: string): Promise<Batch> {
  const batches: Batch[] = [];
  for (const file of filesBelow(join(out, table)))
    for await (const batch of (await openParquet(file)).batches()) batches.push(batch);
  return concatBatches(batches);
}

/**
 * @param folder any folder, or a file
 * @returns paths of all files, sorted
 */
export function filesBelow(folder: string): string[] {
  if (folder.endsWith('.parquet')) return [folder];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * @param out folder of a simulation
 * @returns the checksum of each file, by its path within the folder
 */
export function checksums(out: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(out).map((file) => [
      file.slice(out.length),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  );
}

/**
 * @param batch with an article column
 * @returns the article of each row
 */
export function articlesOf(batch: Batch): string[] {
  const { values, dictionary } = batch.strings('article');
  return Array.from(values, (code) => dictionary[code]!);
}

/**
 * What a simulation says, whatever the Parquet writer makes of it.
 * @param out folder of a simulation
 * @returns one checksum over the values of all columns of all tables
 */
export async function fingerprint(out: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of filesBelow(out).filter((path) => path.endsWith('.parquet'))) {
    hash.update(file.slice(out.length).replaceAll('\\', '/'));
    for await (const batch of (await openParquet(file)).batches()) {
      for (const name of batch.names) {
        const column = batch.column(name);
        hash.update(name);
        if (column.type === 'string') hash.update(column.dictionary.join());
        const { buffer, byteOffset, byteLength } = column.values as Float64Array;
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
        if (column.validity !== null) hash.update(column.validity);
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
