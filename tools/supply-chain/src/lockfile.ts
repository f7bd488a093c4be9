import { readFileSync } from 'node:fs';
import { z } from 'zod';

const lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
      name: z.string().optional(),
    }),
  ),
});

/** A package of others, as the lockfile pins it. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its package.json; null where it has none. */
  readonly licence: string | null;
  /** Folder below the workspace's root. */
  readonly folder: string;
  /** Whether only those who work on hemline have it. */
  readonly isDevelopment: boolean;
}

/**
 * @param path of `package-lock.json`
 * @returns the packages of others in it, by folder
 */
export function pinnedPackages(path: string): readonly PinnedPackage[] {
  const { packages } = lockfile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return Object.entries(packages)
    .filter(([folder, { link }]) => /(^|\/)node_modules\//.test(folder) && link !== true)
    .map(([folder, { name, version, license, dev }]) => ({
      name: name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: version ?? '',
      licence: license ?? null,
      folder,
      isDevelopment: dev === true,
    }));
}
