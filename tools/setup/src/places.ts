import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders that setup works on. */
export interface Places {
  /** Root of the workspace. */
  readonly root: string;
  /** Where libraries are kept, outside node_modules, so that `npm ci` does not lose them. */
  readonly cache: string;
  /** Folder of wheels or unpacked libraries that is looked at before anything is downloaded. */
  readonly engines: string | undefined;
}

/**
 * The cache is `HEMLINE_CACHE_DIR`, else `$XDG_CACHE_HOME/hemline`, else `~/.cache/hemline`.
 * @param environment variables to read
 * @param root of the workspace, the one that this file is in by default
 * @returns the folders
 */
export function placesOf(
  environment: NodeJS.ProcessEnv = process.env,
  root: string = fileURLToPath(new URL('../../..', import.meta.url)),
): Places {
  const shared = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    root: resolve(root),
    cache: resolve(environment.HEMLINE_CACHE_DIR || join(shared, 'hemline')),
    engines: environment.HEMLINE_ENGINES_DIR ? resolve(environment.HEMLINE_ENGINES_DIR) : undefined,
  };
}
