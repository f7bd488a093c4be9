import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UnsupportedError, systemError } from '@hemline/core';
import { logFormat } from './file-kind.ts';

/**
 * Refuses a table by the logs in its folder, before anything else is told of it.
 * @param folder on this machine
 * @throws UnsupportedError that names the format
 */
export async function refuseLogs(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw systemError(cause, folder, 'read');
  });
  for (const entry of entries)
    refuseLog(folder, entry, entry === 'metadata' && (await hasIcebergLog(join(folder, entry))));
}

async function hasIcebergLog(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).some((name) => name.endsWith('.metadata.json'));
}

/**
 * Refuses a table by one of its folders: plain files of a table with a log may have been deleted or replaced, and reading them all gives
 * rows twice, or rows that are gone.
 * @param folder of the table
 * @param entry in it
 * @param isIceberg whether `metadata` is what Iceberg means by it
 * @throws UnsupportedError that names the format
 */
export function refuseLog(folder: string, entry: string, isIceberg: boolean): void {
  const format = logFormat(entry);
  if (format === undefined || (entry === 'metadata' && !isIceberg)) return;
  throw new UnsupportedError('a table has a transaction log', {
    expected: 'a folder of plain Parquet files',
    found: `${entry}/, the log of ${format}`,
    where: { file: folder },
    remedy: `Which of its files are valid only the log says: write the table out with what reads ${format} (Spark, DuckDB's extension), and name that folder.`,
  });
}
