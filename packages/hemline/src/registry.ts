import { join } from 'node:path';
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
