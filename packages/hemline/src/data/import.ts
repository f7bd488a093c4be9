import { importDataset, readMap, type ImportMap, type ImportSummary } from '@hemline/imports';
import type { WorkOptions } from '../work-options.ts';

/** What is imported, and where to. */
export interface ImportOptions extends WorkOptions {
  /** File of a map, or the map itself. */
  readonly map: string | ImportMap;
  /** Folder of the dataset: new or empty. */
  readonly out: string;
  /** File for the lines that are left out: CSV, Parquet or JSON lines, by its name. */
  readonly rejects?: string;
  /** Memory before work goes to disk, 2048 by default. */
  readonly memoryMib?: number;
  /** Threads; as many as there are cores by default. */
  readonly threads?: number;
}

/** What was imported, and what was left out. */
export type ImportResult = ImportSummary;

/**
 * Turns transaction lines or daily tables, price lists and stock snapshots into a checked dataset.
 * @param source file, folder or glob
 * @param options map, folder, file for what is left out
 * @returns counts of lines, by what became of them, and of rows
 * @throws ConfigurationError when the map is not valid, or something is at `out`
 * @throws DataError for the first value that cannot be read
 */
export async function importData(
  source: string,
  { map, onProgress, ...options }: ImportOptions,
): Promise<ImportResult> {
  return importDataset({
    source,
    ...options,
    map: typeof map === 'string' ? await readMap(map) : map,
    onProgress: (event) => onProgress?.('import', event),
  });
}
