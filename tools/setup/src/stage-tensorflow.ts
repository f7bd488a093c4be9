import { copyFile, mkdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildAddon, LIBRARY_LINKS } from './build-addon.ts';
import { sha256Of } from './checksum.ts';
import { pinOf } from './engine-pins.ts';
import type { StagedEngine } from './engine-record.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { ChecksumError, SetupError } from './setup-error.ts';
import { stageWheel } from './stage-wheel.ts';

/**
 * Stages libtensorflow for `@tensorflow/tfjs-node` (or `-gpu`): libraries in the cache, links to them and the addon in
 * the package's folder. Where the wheel cannot be had, the package's own installer has its turn.
 * @param engine CPU or GPU
 * @param places the folders
 * @param progress to show how far it is
 * @returns what was staged, loaded once to see that it works
 * @throws SetupError that names what each source said
 */
export async function stageTensorflow(
  engine: 'tensorflow' | 'tensorflow-gpu',
  places: Places,
  progress: Progress,
): Promise<StagedEngine> {
  const name = engine === 'tensorflow' ? 'tfjs-node' : 'tfjs-node-gpu';
  const packageDirectory = join(places.root, 'node_modules', '@tensorflow', name);
  if ((await stat(packageDirectory).catch(() => null)) === null)
    throw new SetupError(`@tensorflow/${name} is not installed for this platform.`);
  try {
    return await stagePinned(engine, packageDirectory, places, progress);
  } catch (error) {
    // A file that is not the pinned one is no reason to take another that nobody pinned.
    if (!(error instanceof SetupError) || error instanceof ChecksumError) throw error;
    progress.say(`${error.message} Trying the package's own download.`);
    return await stageStock(name, packageDirectory, error.message, progress);
  }
}

async function stagePinned(
  engine: 'tensorflow' | 'tensorflow-gpu',
  packageDirectory: string,
  places: Places,
  progress: Progress,
): Promise<StagedEngine> {
  const pin = pinOf(engine);
  if (pin === undefined)
    throw new SetupError(`no ${engine} wheel is pinned for ${process.platform}-${process.arch}.`);
  const libraries = await stageWheel(pin, places, progress);
  const addon = await buildAddon(
    { packageDirectory, libraries: libraries.directory, tensorflow: pin.version },
    places,
    progress,
  );
  const files: string[] = [];
  const folder = join(packageDirectory, 'deps', 'lib');
  for (const [link, library] of Object.entries(LIBRARY_LINKS))
    files.push(await linkTo(join(libraries.directory, 'lib', library), join(folder, link)));
  if (pin.extra !== undefined)
    files.push(await linkTo(join(libraries.directory, 'nvidia'), join(packageDirectory, 'deps', 'nvidia')));
  // A copy: Node follows links before it loads an addon, and this one finds its libraries relative to itself.
  const target = join(packageDirectory, addon.target);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(addon.path, `${target}.${process.pid}`);
  await rename(`${target}.${process.pid}`, target);
  files.push(target);
  const version = await versionOf(target);
  if (version !== pin.version)
    throw new SetupError(`${target} loads TensorFlow ${version}, expected ${pin.version}.`);
  const [main] = libraries.files;
  return {
    state: 'staged',
    version: pin.version,
    library: join(libraries.directory, main!.target),
    bytes: main!.bytes,
    sha256: main!.sha256,
    files,
    source: libraries.source,
  };
}

/** Runs `@tensorflow/tfjs-node`'s own installer: another libtensorflow, older, for more platforms. */
async function stageStock(
  name: string,
  packageDirectory: string,
  before: string,
  progress: Progress,
): Promise<StagedEngine> {
  try {
    await runProgram(
      process.execPath,
      ['scripts/install.js', name.endsWith('gpu') ? 'gpu' : 'cpu', 'download'],
      {
        cwd: packageDirectory,
        env: { ...process.env, npm_config_nodedir: join(dirname(process.execPath), '..') },
      },
    );
    const addon = join(
      packageDirectory,
      'lib',
      `napi-v${Math.min(8, Number(process.versions.napi))}`,
      'tfjs_binding.node',
    );
    const version = await versionOf(addon);
    progress.say(`staged TensorFlow ${version} from the package's own download`);
    return {
      state: 'staged',
      // The pinned one could not be had; the record names what stands in for it, so that status can say so.
      version,
      library: addon,
      bytes: (await stat(addon)).size,
      sha256: await sha256Of(addon),
      files: [addon],
      source: `the download of @tensorflow/${name}`,
    };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    await rm(join(packageDirectory, 'deps'), { recursive: true, force: true });
    throw new SetupError(`${before} The package's own download failed too: ${error.message}`);
  }
}

async function linkTo(target: string, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await rm(partial, { force: true });
  await symlink(target, partial);
  await rename(partial, path);
  return path;
}

/** Loads the addon in a process of its own: a library that does not fit this system may end the process. */
async function versionOf(addon: string): Promise<string> {
  const output = await runProgram(process.execPath, [
    '-e',
    'process.stdout.write("\\nversion=" + require(process.argv[1]).TF_Version)',
    addon,
  ]);
  return /version=(.*)$/.exec(output)?.[1] ?? 'unknown';
}
