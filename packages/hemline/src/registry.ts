import { join } from 'node:path';
import { Home, openRegistry, type ModelRegistry } from '@hemline/runs';

/**
 * Opens a registry of models.
 * @param url a folder or `sagemaker://PREFIX`; by default `registry/` of the home
 * @returns the registry; nothing has been read
 */
export function registryOf(url?: string): Promise<ModelRegistry> {
  return openRegistry(url ?? join(new Home().directory, 'registry'));
}
