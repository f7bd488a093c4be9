import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@hemline/core';
import { copyFiles } from './copy-files.ts';
import { HOME, stagedEngine, type EngineEntry } from './engine-record.ts';

/** Place of the library below the folder. */
const LIBRARY = 'node_modules/.hemline/lib_lightgbm.so';

/**
 * Copies LightGBM's library and koffi, which calls it, as they are to lie in an image for Linux.
 * @param root of the workspace
 * @param folder that stands for {@link HOME}
 * @returns what the image's record says of it
 * @throws EngineError where the library is not staged, or koffi has no build for this platform
 */
export async function stageLightgbm(root: string, folder: string): Promise<EngineEntry> {
  const { version, library } = await stagedEngine(root, 'lightgbm');
  await copyFiles(library, join(folder, LIBRARY));
  const modules = join(root, 'node_modules');
  const native = join('@koromix', `koffi-linux-${process.arch}`);
  const files = [
    ...['package.json', 'LICENSE.txt', 'index.js', 'src/koffi/index.js', 'src/koffi/src/static.js'].map(
      (name) => join('koffi', name),
    ),
    join(native, 'package.json'),
    join(native, 'index.js'),
    // Not the build for musl, which Debian does not have.
    join(native, `linux_${process.arch}`),
  ];
  if ((await readdir(join(modules, native)).catch(() => null)) === null)
    throw new EngineError('koffi has no build for this platform', {
      expected: join('node_modules', native),
      found: 'no such folder',
      remedy: 'Build images on Linux, with the dependencies installed (npm ci).',
    });
  for (const file of files) await copyFiles(join(modules, file), join(folder, 'node_modules', file));
  return { state: 'staged', version, library: join(HOME, LIBRARY) };
}
