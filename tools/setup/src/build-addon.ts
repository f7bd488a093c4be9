import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** What the addon is built from. */
export interface AddonSources {
  /** Folder of the installed `@tensorflow/tfjs-node` or `-gpu`. */
  readonly packageDirectory: string;
  /** Folder with `lib/` and `include/` of libtensorflow. */
  readonly libraries: string;
  readonly tensorflow: string;
}

/** The addon and what it belongs to. */
export interface BuiltAddon {
  readonly path: string;
  /** Where the package looks for it, relative to its own folder. */
  readonly target: string;
}

/** Libtensorflow's files under the names that the linker and the loader ask for. */
export const LIBRARY_LINKS: Readonly<Record<string, string>> = {
  'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly binary: { readonly napi_versions: readonly number[] };
}

/**
 * Builds the TensorFlow addon from the package's own sources with node-gyp, against the headers of the Node that is
 * running, and keeps it in the cache. Node-API is stable, so one build serves every Node that knows that version of it.
 * @param sources what to build from
 * @param places the folders
 * @param progress to say what is going on
 * @returns the addon
 * @throws SetupError when a tool is missing or the build fails
 */
export async function buildAddon(
  sources: AddonSources,
  places: Places,
  progress: Progress,
): Promise<BuiltAddon> {
  const manifest = JSON.parse(
    await readFile(join(sources.packageDirectory, 'package.json'), 'utf8'),
  ) as PackageManifest;
  const napi = Math.max(
    ...manifest.binary.napi_versions.filter((version) => version <= Number(process.versions.napi)),
  );
  const target = join('lib', `napi-v${napi}`, 'tfjs_binding.node');
  const name =
    `${manifest.name.split('/')[1]}-${manifest.version}-tensorflow-${sources.tensorflow}` +
    `-napi-v${napi}-${process.platform}-${process.arch}`;
  const path = join(places.cache, name, 'tfjs_binding.node');
  if ((await stat(path).catch(() => null)) !== null) return { path, target };

  await checkTools();
  progress.say(`building ${name}`);
  const work = join(places.cache, 'partial', name);
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'deps', 'lib'), { recursive: true });
  await cp(join(sources.packageDirectory, 'binding'), join(work, 'binding'), { recursive: true });
  await cp(join(sources.packageDirectory, 'binding.gyp'), join(work, 'binding.gyp'));
  await cp(join(sources.packageDirectory, 'package.json'), join(work, 'package.json'));
  await symlink(join(sources.libraries, 'include'), join(work, 'deps', 'include'));
  for (const [link, library] of Object.entries(LIBRARY_LINKS))
    await symlink(join(sources.libraries, 'lib', library), join(work, 'deps', 'lib', link));

  const headers = await headersOfNode();
  const env: NodeJS.ProcessEnv = { ...process.env };
  // A user's own npm configuration may name another Node's headers: those would win over ours.
  for (const key of Object.keys(env)) if (key.toLowerCase() === 'npm_config_nodedir') delete env[key];
  if (headers !== null) env.npm_config_nodedir = headers;
  await runProgram(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js'),
      ...['rebuild', '--release', '--jobs=max'],
      ...(headers === null ? [] : [`--nodedir=${headers}`]),
      ...['--module_name=tfjs_binding', `--module_path=${join(work, 'out')}`],
      ...[
        `--napi_version=${process.versions.napi}`,
        `--napi_build_version=${napi}`,
        `--node_napi_label=napi-v${napi}`,
      ],
    ],
    { cwd: work, env },
  );
  await mkdir(dirname(path), { recursive: true });
  await rename(join(work, 'build', 'Release', 'tfjs_binding.node'), path);
  await rm(work, { recursive: true, force: true });
  return { path, target };
}

async function checkTools(): Promise<void> {
  const missing: string[] = [];
  for (const [tool, names] of Object.entries({
    'g++': ['g++', 'c++', 'clang++'],
    make: ['make', 'gmake'],
    python3: ['python3'],
  })) {
    const found = await Promise.any(names.map((name) => runProgram(name, ['--version']))).catch(() => null);
    if (found === null) missing.push(tool);
  }
  if (missing.length > 0)
    throw new SetupError(
      `the TensorFlow addon is built from source and ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing; on Debian: apt-get install g++ make python3.`,
    );
}

/** The folder that holds `include/node` of the running Node; null where it came without headers. */
async function headersOfNode(): Promise<string | null> {
  const folder = join(dirname(process.execPath), '..');
  const header = join(folder, 'include', 'node', 'node_api.h');
  return (await stat(header).catch(() => null)) === null ? null : folder;
}
