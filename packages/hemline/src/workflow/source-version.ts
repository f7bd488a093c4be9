import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { WORKSPACE } from '../workspace.ts';

/** Folders whose packages make up what runs. */
const PARTS = ['packages', 'models'];

/**
 * The version of the code on this machine: a digest of all sources and the lockfile. A working copy has no version that a commit
 * could name.
 * @param tools folders of tools that have a part in what is made, such as `market-simulator`
 * @returns `src-` and 16 hexadecimal digits
 */
export function sourceVersion(tools: readonly string[] = []): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    hash.update(`${relative(WORKSPACE, path)}\n`).update(readFileSync(path));
  };
  const lockfile = join(WORKSPACE, 'package-lock.json');
  if (existsSync(lockfile)) add(lockfile);
  const packages = PARTS.flatMap((part) =>
    readdirSync(join(WORKSPACE, part))
      .sort()
      .map((name) => join(part, name)),
  );
  for (const name of [...packages, ...tools.map((tool) => join('tools', tool))]) {
    const sources = join(WORKSPACE, name, 'src');
    if (existsSync(sources)) for (const path of filesBelow(sources)) add(path);
  }
  return `src-${hash.digest('hex').slice(0, 16)}`;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
