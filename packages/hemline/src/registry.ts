import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, isSystemError, systemError } from '@hemline/core';
import { Home, openRegistry, type ModelRegistry } from '@hemline/runs';

/** Where the versions of models are. */
export interface RegistryOption {
  /** A folder, or `sagemaker://PREFIX` of the model package groups; by default `registry/` of the home. */
  readonly registry?: string;
}

/**
 * Opens a registry of models.
 * @param url a folder or `sagemaker://PREFIX`; by default `registry/` of the home
 * @param home by default `HEMLINE_HOME`, else `.hemline` in the current folder
 * @returns the registry; nothing has been read
 */
export function registryOf(url?: string, home?: string): Promise<ModelRegistry> {
  return openRegistry(url ?? join(new Home(home).directory, 'registry'));
}

/**
 * Opens a registry to read versions from. One that was named has to be there: an empty list of a misspelt place would be a wrong
 * answer. That of the home is made with the first version.
 * @param url a folder or `sagemaker://PREFIX`; by default `registry/` of the home
 * @param home by default `HEMLINE_HOME`, else `.hemline` in the current folder
 * @returns the registry
 * @throws ConfigurationError when the folder that was named is none, or cannot be read
 */
export async function readableRegistry(url?: string, home?: string): Promise<ModelRegistry> {
  const registry = await registryOf(url, home);
  if (url !== undefined && registry.url.startsWith('file:')) checkFolder(url, fileURLToPath(registry.url));
  return registry;
}

function checkFolder(url: string, folder: string): void {
  let found = 'a file';
  try {
    if (statSync(folder).isDirectory()) return;
  } catch (cause) {
    if (!isSystemError(cause) || (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR'))
      throw isSystemError(cause) ? systemError(cause, url, 'read') : cause;
    found = 'nothing';
  }
  throw new ConfigurationError('there is no registry', {
    expected: 'a folder of versions, or sagemaker://PREFIX',
    found,
    where: { file: url },
    remedy: 'Check the path; "hemline models register" makes one with its first version.',
  });
}
