import { readdir } from 'node:fs/promises';
import { DataError } from '@hemline/core';
import { isS3, readManifest } from '@hemline/stores';

/** A file of an output. */
export interface OutputFile {
  /** Path or URL. */
  readonly path: string;
  readonly rows: number;
}

/**
 * @param path of a folder
 * @returns whether jobs have left it: forecasts or features, with a manifest
 */
export async function isOutput(path: string): Promise<boolean> {
  if (isS3(path)) return false;
  return (await readdir(path)).some((name) => /^manifest(-.+)?\.json$/.test(name));
}

/**
 * @param directory of forecasts or features
 * @returns the files that their manifest lists, at least one
 * @throws DataError when there is no manifest, or it lists none
 */
export async function outputFiles(directory: string): Promise<readonly OutputFile[]> {
  const { files } = await readManifest(directory);
  if (files.length === 0)
    throw new DataError('an output has no rows', {
      expected: 'at least one file in its manifest',
      found: 'none',
      where: { file: directory },
      remedy: 'The job that left it was dealt no partition: look at those of the other hosts.',
    });
  return files.map(({ file, rows }) => ({ path: `${directory.replace(/\/+$/, '')}/${file}`, rows }));
}
