import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { ConfigurationError } from '@hemline/core';
import { memberModules } from './member-modules.ts';
import { moduleUrls } from './module-urls.ts';
import { wasmFiles } from './wasm-files.ts';

/** Packages with native libraries are staged beside a bundle, not in it; DuckDB is in no image. */
const EXTERNAL = ['koffi', '@tensorflow/*', '@duckdb/node-api'];

/** Packages that are CommonJS ask for Node's own modules by `require`. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

const OPTIONS = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  outExtension: { '.js': '.mjs' },
  // Flat: see module-urls.ts.
  entryNames: '[name]',
  chunkNames: 'chunk-[hash]',
  // Names stay: errors are told apart by theirs, and stacks are read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'eof',
  banner: { js: REQUIRE },
  write: false,
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** A bundle on disk. */
export interface Bundle {
  readonly folder: string;
  /** Modules that can be started, programs and threads, without their extension `.mjs`. */
  readonly entries: readonly string[];
  readonly bytes: number;
}

/**
 * Bundles programs, with everything that they import and the modules of their threads, into one folder of `.mjs` files. What is
 * imported when it is needed stays a file of its own, which is read when it is needed.
 * @param root of the workspace
 * @param programs modules by the names of their files
 * @param folder to make; what was there is replaced once all is bundled
 * @param members definitions of models that the programs import by name
 * @returns the bundle
 * @throws ConfigurationError with esbuild's first complaint
 */
export async function bundlePrograms(
  root: string,
  programs: Readonly<Record<string, string>>,
  folder: string,
  members: Readonly<Record<string, string>> = {},
): Promise<Bundle> {
  const entries = new Map(Object.entries(programs));
  for (;;) {
    const found = new Map<string, string>();
    const wasm = new Map<string, string>();
    const plugins = [memberModules(members), moduleUrls(root, found), wasmFiles(wasm)];
    const result = await bundle(root, entries, plugins, folder);
    const fresh = [...found].filter(([name]) => !entries.has(name));
    // Threads may start further threads: until no more modules come to light.
    if (fresh.length === 0) return writeBundle(result, entries, wasm, folder);
    for (const [name, path] of fresh) entries.set(name, path);
  }
}

async function bundle(
  root: string,
  entries: ReadonlyMap<string, string>,
  plugins: Plugin[],
  folder: string,
): Promise<BuildResult<typeof OPTIONS>> {
  try {
    return await build({
      ...OPTIONS,
      absWorkingDir: root,
      outdir: folder,
      entryPoints: Object.fromEntries(entries),
      plugins,
    });
  } catch (cause) {
    const [first] =
      (cause as { errors?: { text: string; location: { file: string; line: number } | null }[] }).errors ??
      [];
    if (first === undefined) throw cause;
    throw new ConfigurationError('a program cannot be bundled', {
      found: first.text,
      ...(first.location === null
        ? {}
        : { where: { file: `${first.location.file}:${first.location.line}` } }),
      cause,
    });
  }
}

async function writeBundle(
  { outputFiles }: BuildResult<typeof OPTIONS>,
  entries: ReadonlyMap<string, string>,
  wasm: ReadonlyMap<string, string>,
  folder: string,
): Promise<Bundle> {
  let bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
  await mkdir(dirname(folder), { recursive: true });
  // Not by mkdtemp, whose folders are their owner's alone.
  const aside = join(dirname(folder), `.${basename(folder)}-${randomUUID().slice(0, 8)}`);
  await mkdir(aside);
  try {
    for (const { path, contents } of outputFiles)
      await writeFile(join(aside, relative(folder, path)), contents);
    for (const [name, path] of wasm) {
      await copyFile(path, join(aside, name));
      bytes += (await stat(path)).size;
    }
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return {
    folder,
    entries: [...entries.keys()].sort(),
    bytes,
  };
}
