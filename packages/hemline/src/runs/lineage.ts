import { statSync } from 'node:fs';
import { ConfigurationError } from '@hemline/core';
import { Home } from '@hemline/runs';
import { isS3 } from '@hemline/stores';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import type { HomeOption } from '../work-options.ts';
import { traceFile, type Lineage } from './trace-file.ts';

/** Where runs and versions are looked for. */
export interface LineageOptions extends HomeOption, RegistryOption {
  /** Folder of the runs; by default `runs/` of the home. */
  readonly runs?: string;
}

/**
 * Which model, data and code made a forecast file.
 * @param file Parquet file that hemline wrote: path or `s3://bucket/key`
 * @param options runs, registry
 * @returns what is known of it, and what is not
 * @throws DataError when the file does not say where it comes from, or differs from its manifest
 * @throws ConfigurationError for a folder in its place, or a folder of runs that was named and is not there
 */
export async function lineage(file: string, options: LineageOptions = {}): Promise<Lineage> {
  if (!isS3(file) && isFolder(file))
    throw new ConfigurationError('one file is traced at a time', {
      expected: 'a Parquet file that hemline wrote',
      found: 'a folder',
      where: { file },
      remedy: 'Name a file in it.',
    });
  // That of the home is made with the first run; a misspelt one would look like a file of unknown origin.
  if (options.runs !== undefined && !isFolder(options.runs))
    throw new ConfigurationError('there are no runs', {
      expected: 'a folder of runs',
      found: 'none',
      where: { file: options.runs },
      remedy: 'Check the path: it is runs/ of a home.',
    });
  const runs = options.runs ?? new Home(options.home).runs;
  return traceFile(file, runs, await readableRegistry(options.registry, options.home));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
