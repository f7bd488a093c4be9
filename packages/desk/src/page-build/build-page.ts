import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** Where the page is built to, and what it is made of. */
export interface PagePlaces {
  /** Folder of the built page, which is replaced as a whole. */
  readonly page: string;
  /** Folders of sources. */
  readonly sources: readonly string[];
}

/** The places of this package. */
export const PAGE_PLACES: PagePlaces = {
  page: join(PACKAGE, 'dist/page'),
  sources: [join(PACKAGE, 'src/page'), join(PACKAGE, 'src/page-build')],
};

/**
 * Builds the page unless it is there and made of the sources as they are.
 * @param places where
 * @returns what was done
 * @throws what vite says when the sources cannot be built; a page that is there is left as it is then
 */
export async function buildPage(places: PagePlaces = PAGE_PLACES): Promise<'built' | 'current'> {
  const stamp = `${places.page}.sha256`;
  const hash = await hashOf(places.sources);
  if (existsSync(join(places.page, 'index.html')) && (await readOrNull(stamp)) === hash) return 'current';
  // A server may be giving the page out: it is built beside, and takes the old one's place at the end.
  const partial = `${places.page}.${process.pid}.partial`;
  await mkdir(dirname(places.page), { recursive: true });
  try {
    // Nothing of vite is loaded where there is nothing to build.
    const { build } = await import('vite');
    await build({
      configFile: join(PACKAGE, 'src/page-build/vite.config.ts'),
      logLevel: 'error',
      build: { outDir: partial },
    });
    await rm(stamp, { force: true });
    await rm(places.page, { recursive: true, force: true });
    await rename(partial, places.page);
    await writeFile(stamp, hash);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return 'built';
}

/** Of the names and contents of all sources, and of the versions of what is built into the page. */
async function hashOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const { resolve } = createRequire(import.meta.url);
  for (const name of ['preact', 'uplot', 'vite'])
    hash.update(
      `${name} ${(JSON.parse(await readFile(manifestOf(resolve(name), name), 'utf8')) as { version: string }).version}\n`,
    );
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      hash.update(`${relative(folder, file).replaceAll('\\', '/')}\n`);
      hash.update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** Not every package lets its manifest be imported: it lies in the folder of the package's name. */
function manifestOf(entry: string, name: string): string {
  let folder = dirname(entry);
  while (!folder.replaceAll('\\', '/').endsWith(`node_modules/${name}`)) folder = dirname(folder);
  return join(folder, 'package.json');
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
