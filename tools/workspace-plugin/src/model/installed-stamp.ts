import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where `npm start` and `npm test` remember from which lockfile the dependencies were installed (tools/setup/bootstrap.mjs). */
const STAMP = 'node_modules/.hemline/installed-lockfile.sha256';
const LOCKFILE = 'package-lock.json';

/**
 * @param root of the workspace
 * @returns whether what is installed is what the lockfile says, as far as can be told without npm
 */
export function isInstalled(root: string): boolean {
  const lockfile = join(root, LOCKFILE);
  const stamp = join(root, STAMP);
  if (!existsSync(lockfile)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hashOf(lockfile)) return true;
  const byHand = join(root, 'node_modules/.package-lock.json');
  return existsSync(byHand) && statSync(byHand).mtimeMs >= statSync(lockfile).mtimeMs;
}

/**
 * Remembers that what is installed is what the lockfile says: a package that was linked needs no `npm ci`.
 * @param root of the workspace
 */
export function markInstalled(root: string): void {
  const stamp = join(root, STAMP);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${hashOf(join(root, LOCKFILE))}\n`);
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
