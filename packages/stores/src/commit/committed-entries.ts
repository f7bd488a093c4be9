import { createHash } from 'node:crypto';
import { ConflictError, StoreError } from '@hemline/core';
import type { Store } from '../store.ts';
import type { ManifestFile } from './manifest.ts';

/** Folder of the entries of partitions committed so far; readers of Parquet folders pass over names that begin with `_`. */
export const ENTRIES = '_committed';

/**
 * Key of a partition's entry.
 * @param partition its name, of any characters
 * @returns key in the output
 */
export function entryKey(partition: string): string {
  return `${ENTRIES}/${createHash('sha256').update(partition).digest('hex').slice(0, 24)}.json`;
}

/**
 * Whether a key is that of an entry.
 * @param key in the output
 * @returns whether it is
 */
export function isEntryKey(key: string): boolean {
  return /^_committed\/[0-9a-f]{24}\.json$/.test(key);
}

/**
 * Reads an entry.
 * @param store of the output
 * @param key of the entry
 * @returns what was committed; null when there is no entry, or one that cannot be read: the file itself tells as much
 */
export async function readEntry(store: Store, key: string): Promise<ManifestFile | null> {
  const bytes = await store.read(key);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ManifestFile;
  } catch {
    return null;
  }
}

/**
 * Records that a partition is committed.
 * @param store of the output
 * @param file what was committed
 * @throws ConflictError when another start of the job has recorded something else
 */
export async function writeEntry(store: Store, file: ManifestFile): Promise<void> {
  const key = entryKey(file.partition);
  const text = `${JSON.stringify(file)}\n`;
  try {
    await store.write(key, text, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const other = await store.read(key);
    if (other === null) throw writtenAtOnce(error, store.urlOf(key));
    if (new TextDecoder().decode(other) === text) return;
    throw new ConflictError('another start of the job committed this partition with other content', {
      expected: `SHA-256 ${file.sha256}`,
      found: new TextDecoder().decode(other).trim(),
      where: { partition: file.partition, file: store.urlOf(file.file) },
      remedy: 'Let only one start of a job run at a time, and empty the output: its content is in doubt.',
      cause: error,
    });
  }
}

/**
 * A conflict about an object that is not there: another writer was about to write it, or has removed it.
 * @param cause the conflict
 * @param file of the object
 * @returns an error that says to start again
 */
export function writtenAtOnce(cause: ConflictError, file: string): StoreError {
  return new StoreError('two starts of a job wrote the same file at the same time', {
    expected: 'one start of a job at a time',
    where: { file },
    remedy: 'Start the job again when the other has ended.',
    cause,
  });
}
