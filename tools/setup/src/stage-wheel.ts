import { constants } from 'node:fs';
import { copyFile, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkSha256, sha256Of } from './checksum.ts';
import { stageCuda } from './stage-cuda.ts';
import { downloadWheel } from './download-wheel.ts';
import type { WheelPin } from './engine-pins.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { unpackWheel, type UnpackedFile } from './unpack-wheel.ts';

/** Libraries of one engine in the cache. */
export interface StagedLibraries {
  readonly directory: string;
  readonly source: string;
  /** In the pin's order; paths are relative to the directory. */
  readonly files: readonly UnpackedFile[];
}

const DONE = 'staged.json';

/**
 * Brings an engine's libraries into the cache: from there, from `HEMLINE_ENGINES_DIR`, or from the package index. What
 * is interrupted is taken up again: a wheel that was downloaded whole and verified is not downloaded twice, and a folder
 * under its final name is complete. Call it under the cache's lock.
 * @param pin what to stage
 * @param places the folders
 * @param progress to show how far it is
 * @returns the libraries
 * @throws SetupError when no source has them
 * @throws ChecksumError when a source has other ones
 */
export async function stageWheel(
  pin: WheelPin,
  places: Places,
  progress: Progress,
): Promise<StagedLibraries> {
  const name = `${pin.engine}-${pin.version}-${process.platform}-${process.arch}`;
  const directory = join(places.cache, name);
  const known = await cached(directory);
  if (known !== null) return known;

  const partial = join(places.cache, 'partial', name);
  await rm(partial, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });

  let source = `${pin.project} ${pin.version} from HEMLINE_ENGINES_DIR`;
  let files = places.engines === undefined ? null : await copyUnpacked(pin, places.engines, partial);
  if (files === null) {
    const given = places.engines === undefined ? null : await wheelIn(places.engines, pin);
    const wheel = given ?? (await downloaded(pin, places, progress));
    if (given === null) source = `${pin.project} ${pin.version} from the Python package index`;
    else checkSha256(given, await sha256Of(given), pin.sha256);
    files = await unpackWheel(wheel, partial, {
      files: pin.files,
      place: (entry) => placeOf(pin, entry),
      onBytes: (done, total) => progress.bytes(`unpacking ${basename(wheel)}`, done, total),
    });
    if (pin.extra !== undefined) await stageCuda(partial, pin, places, progress);
    if (given === null) await rm(wheel);
  }
  const libraries: StagedLibraries = {
    directory,
    source,
    files: pin.files.map((pinned) => {
      const file = files.find((each) => each.target === join(partial, pinned.target))!;
      return { ...file, target: pinned.target };
    }),
  };
  await writeFile(join(partial, DONE), `${JSON.stringify(libraries, null, 2)}\n`);
  await rename(partial, directory);
  return libraries;
}

/** The wheel in the cache's download folder: fetched, or left there verified by a run that was stopped later on. */
async function downloaded(pin: WheelPin, places: Places, progress: Progress): Promise<string> {
  const folder = join(places.cache, 'downloads');
  await mkdir(folder, { recursive: true });
  const before = await wheelIn(folder, pin);
  if (before !== null) return before;
  const partial = join(places.cache, 'partial', 'download');
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const wheel = await downloadWheel(
    { requirement: `${pin.project}==${pin.version}`, platforms: pin.platforms, bytes: pin.bytes },
    partial,
    progress,
  );
  checkSha256(wheel, await sha256Of(wheel), pin.sha256);
  const path = join(folder, basename(wheel));
  await rename(wheel, path);
  await rm(partial, { recursive: true, force: true });
  return path;
}

async function wheelIn(folder: string, pin: WheelPin): Promise<string | null> {
  const prefix = `${pin.project.replaceAll('-', '_')}-${pin.version}-`;
  const names = await readdir(folder).catch(() => []);
  const name = names.find((each) => each.startsWith(prefix) && each.endsWith('.whl'));
  return name === undefined ? null : join(folder, name);
}

/** Copies libraries that somebody unpacked already; null where the folder does not hold all of them. */
async function copyUnpacked(pin: WheelPin, folder: string, partial: string): Promise<UnpackedFile[] | null> {
  const found: { from: string; to: string; sha256: string | undefined }[] = [];
  for (const file of pin.files) {
    const candidates = [join(folder, file.target), join(folder, basename(file.target))];
    const from = (await firstOf(candidates)) ?? null;
    if (from === null) return null;
    found.push({ from, to: join(partial, file.target), sha256: file.sha256 });
  }
  if (pin.headers !== undefined) {
    const headers = join(folder, 'include');
    if ((await firstOf([join(headers, 'tensorflow', 'c', 'c_api.h')])) === null) return null;
    await cp(headers, join(partial, 'include'), { recursive: true });
  }
  if (pin.extra !== undefined && (await firstOf([join(folder, 'nvidia')])) !== null)
    await cp(join(folder, 'nvidia'), join(partial, 'nvidia'), { recursive: true });
  const files: UnpackedFile[] = [];
  for (const { from, to, sha256 } of found) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    const hash = await sha256Of(to);
    checkSha256(from, hash, sha256);
    files.push({ target: to, bytes: (await stat(to)).size, sha256: hash });
  }
  return files;
}

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await stat(path).catch(() => null)) !== null) return path;
  return null;
}

function placeOf(pin: WheelPin, entry: string): string | null {
  if (pin.headers?.prefixes.some((prefix) => entry.startsWith(prefix)))
    return `include/${entry.slice(pin.headers.strip.length)}`;
  return pin.extra !== undefined && entry.endsWith('.dist-info/METADATA') ? 'METADATA' : null;
}

async function cached(directory: string): Promise<StagedLibraries | null> {
  let libraries: StagedLibraries;
  try {
    libraries = JSON.parse(await readFile(join(directory, DONE), 'utf8')) as StagedLibraries;
  } catch {
    return null;
  }
  for (const file of libraries.files) {
    const found = await stat(join(directory, file.target)).catch(() => null);
    if (found?.size !== file.bytes) return null;
  }
  return { ...libraries, directory };
}
