import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Variant } from '../spec/image-spec.ts';
import { copyFiles } from './copy-files.ts';
import { HOME, stagedEngine, type EngineEntry } from './engine-record.ts';

/** Messages of TensorFlow's protocol, which `@hemline/tensor` writes graphs with; they are the same for both variants. */
const MESSAGES = '@tensorflow/tfjs-node/dist/proto/api_pb.js';
const ADDON = 'lib/napi-v8/tfjs_binding.node';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/**
 * Lays out tfjs-node, bundled, with its addon and libtensorflow as they are to lie in an image. Where npm needs 290 MB of
 * JavaScript, the bundle is a file of 2 MB.
 * @param root of the workspace
 * @param folder that stands for {@link HOME}
 * @param variant CPU or GPU; that for GPUs brings the CUDA libraries along
 * @returns what the image's record says of it
 * @throws EngineError where the library is not staged
 */
export async function stageTensorflow(root: string, folder: string, variant: Variant): Promise<EngineEntry> {
  const { version } = await stagedEngine(root, variant === 'gpu' ? 'tensorflow-gpu' : 'tensorflow');
  const name = variant === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const source = join(root, 'node_modules', name);
  const target = join(folder, 'node_modules', name);
  await bundlePackage(root, join(source, 'dist', 'index.js'), join(target, 'dist', 'index.js'));
  await writeManifest(source, target);
  const messages = join(folder, 'node_modules', MESSAGES);
  await bundlePackage(root, join(root, 'node_modules', MESSAGES), messages);
  if (variant === 'gpu')
    await writeManifest(
      join(root, 'node_modules', '@tensorflow/tfjs-node'),
      join(folder, 'node_modules', '@tensorflow/tfjs-node'),
    );
  await copyFiles(join(source, ADDON), join(target, ADDON));
  // The addon looks for them relative to itself, under these names and no others.
  for (const library of LIBRARIES)
    await copyFiles(join(source, 'deps', 'lib', library), join(target, 'deps', 'lib', library));
  const cuda = join(source, 'deps', 'nvidia');
  if ((await stat(cuda).catch(() => null)) !== null) await copyFiles(cuda, join(target, 'deps', 'nvidia'));
  return {
    state: 'staged',
    version,
    library: join(HOME, 'node_modules', name, 'deps', 'lib', LIBRARIES[0]!),
  };
}

/** A package as one file of CommonJS, because `require` loads it. */
async function bundlePackage(root: string, entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'eof',
    logLevel: 'silent',
    alias: { '@mapbox/node-pre-gyp': fileURLToPath(new URL('./addon-place.ts', import.meta.url)) },
  });
}

/** What Node needs to find the file; the dependencies are in it. */
async function writeManifest(source: string, target: string): Promise<void> {
  const { name, version, license } = JSON.parse(
    await readFile(join(source, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const file = join(target, 'package.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ name, version, license, main: 'dist/index.js' }, null, 2)}\n`);
}
