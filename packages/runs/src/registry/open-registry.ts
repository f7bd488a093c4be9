import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@hemline/core';
import { FileRegistry } from './file/file-registry.ts';
import type { ModelRegistry } from './model-registry.ts';

/** What a registry needs that its address does not say. */
export interface RegistryOptions {
  /** SageMaker only: image of a model whose version's lineage does not name one as `image`. */
  readonly image?: (model: string) => string | undefined;
}

/**
 * Opens a registry.
 * @param url a folder (path or `file://`), or `sagemaker://PREFIX`, where PREFIX begins the names of the model package groups
 *   (`hemline-` when it is empty)
 * @param options of SageMaker
 * @returns the registry; nothing has been read or made
 * @throws ConfigurationError for another kind of address
 */
export async function openRegistry(url: string, options: RegistryOptions = {}): Promise<ModelRegistry> {
  if (url.startsWith('sagemaker:')) {
    // The SDK takes a while to load: only those who need it wait.
    const [{ SageMakerRegistry }, { sageMakerClient }] = await Promise.all([
      import('./sagemaker/sagemaker-registry.ts'),
      import('@hemline/sagemaker/aws'),
    ]);
    const prefix = url.replace(/^sagemaker:(\/\/)?/, '');
    return new SageMakerRegistry({
      client: sageMakerClient(),
      ...(prefix === '' ? {} : { prefix }),
      ...options,
    });
  }
  if (url.startsWith('file:')) return new FileRegistry(fileURLToPath(url));
  if (url === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(url))
    throw new ConfigurationError('a registry of this kind is not known', {
      expected: 'a path, file:// or sagemaker://PREFIX',
      found: JSON.stringify(url),
    });
  return new FileRegistry(url);
}
