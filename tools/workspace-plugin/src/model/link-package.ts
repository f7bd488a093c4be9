import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '@nx/devkit';

/** A lockfile, as far as it is read. */
interface Lockfile {
  packages: Record<string, object>;
}

const LOCKFILE = 'package-lock.json';

/**
 * Tells the lockfile of a new package, as `npm install` would: `npm ci` refuses one that does not know all packages of the
 * workspace. All it imports is there already, so that nothing is looked up.
 * @param tree of the workspace
 * @param name of the model
 * @param manifest of its package
 */
export function lockPackage(tree: Tree, name: string, manifest: Readonly<Record<string, unknown>>): void {
  const text = tree.read(LOCKFILE, 'utf8');
  if (text === null) return;
  const lock = JSON.parse(text) as Lockfile;
  const entries: [string, object][] = [
    [
      `models/${name}`,
      {
        name: manifest['name'],
        version: manifest['version'],
        license: manifest['license'],
        dependencies: manifest['dependencies'],
      },
    ],
    [`node_modules/@hemline/${name}`, { resolved: `models/${name}`, link: true }],
  ];
  if (entries.every(([path]) => lock.packages[path] !== undefined)) return;
  const packages = { ...lock.packages, ...Object.fromEntries(entries) };
  lock.packages = Object.fromEntries(
    Object.keys(packages)
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map((path) => [path, packages[path]!]),
  );
  tree.write(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
}

/**
 * Links a package into `node_modules`, as `npm install` would. Needs no network.
 * @param root of the workspace
 * @param name of the model
 */
export function linkPackage(root: string, name: string): void {
  const scope = join(root, 'node_modules', '@hemline');
  const link = join(scope, name);
  if (existsSync(link) || lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(scope, { recursive: true });
  // Windows wants a junction, which has to be absolute.
  if (process.platform === 'win32') symlinkSync(join(root, 'models', name), link, 'junction');
  else symlinkSync(`../../models/${name}`, link);
}
