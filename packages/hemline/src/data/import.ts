import { writeFile } from 'node:fs/promises';
import { ConfigurationError } from '@hemline/core';
import {
  guessMap,
  importDataset,
  readMap,
  type GuessedMap,
  type ImportMap,
  type ImportOptions as Importing,
  type ImportSummary,
} from '@hemline/imports';
import type { WorkOptions } from '../work-options.ts';

/** What is imported, and where to. */
export interface ImportOptions
  extends WorkOptions, Pick<Importing, 'out' | 'rejects' | 'memoryMib' | 'threads'> {
  /** File of a map, or the map itself. */
  readonly map: string | ImportMap;
}

/** What was imported, and what was left out. */
export type ImportResult = ImportSummary;

/** What is done with a proposal. */
export interface GuessOptions extends Pick<WorkOptions, 'signal'> {
  /** New file for the map. */
  readonly writeMap?: string;
}

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

/**
 * Proposes a map from the names of columns and the first lines. A person should read it, and the notes.
 * @param source file, folder or glob
 * @param options where to write it
 * @returns the map, and what a person should look at
 * @throws ConfigurationError where no columns look like sales, or the file to write is there
 */
export async function guessImport(
  source: string,
  { writeMap, signal }: GuessOptions = {},
): Promise<GuessedMap> {
  const guessed = await guessMap(source, signal);
  if (writeMap === undefined) return guessed;
  try {
    await writeFile(writeMap, `${JSON.stringify(guessed.map, null, 2)}\n`, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new ConfigurationError('the file of the map is there already', {
      expected: 'a new file',
      found: writeMap,
      remedy: 'Name another, or remove it.',
      cause,
    });
  }
  return guessed;
}
