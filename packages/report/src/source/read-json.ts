import { readFile } from 'node:fs/promises';
import { ArtifactError } from '@hemline/core';

/**
 * A JSON file that a run may have left.
 * @param file its path
 * @returns the content; null where there is no file
 * @throws ArtifactError when it is damaged
 */
export async function readJson<T>(file: string): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ArtifactError('a file of the run is damaged', {
      expected: 'JSON',
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
}
