import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LightgbmError } from '../lightgbm-error.ts';

/** Names a library to load instead of the staged one. */
export const LIBRARY_VARIABLE = 'LIGHTGBM_LIBRARY';

interface EngineEntry {
  readonly state: string;
  readonly library?: string;
  readonly reason?: string;
}

/**
 * Where LightGBM's C library is: at the path in the environment variable `LIGHTGBM_LIBRARY`, else where
 * `node_modules/.hemline/engines.json`, looked for from this package upwards, says that set-up staged it.
 * @returns its path
 * @throws LightgbmError where there is none
 */
export function locateLibrary(): string {
  const named = process.env[LIBRARY_VARIABLE];
  if (named !== undefined && named !== '') return named;
  const entry = stagedLibrary();
  if (entry?.state === 'staged' && entry.library !== undefined) return entry.library;
  throw new LightgbmError("LightGBM's C library is not staged", {
    ...(entry?.reason === undefined ? {} : { found: entry.reason }),
    remedy: `Run "npm run setup", or set ${LIBRARY_VARIABLE} to the path of lib_lightgbm.so.`,
  });
}

function stagedLibrary(): EngineEntry | null {
  let folder = import.meta.dirname;
  for (;;) {
    const file = join(folder, 'node_modules', '.hemline', 'engines.json');
    const text = readIfThere(file);
    if (text !== null) {
      const record = JSON.parse(text) as { format: number; engines: Record<string, EngineEntry | undefined> };
      return record.format === 1 ? (record.engines.lightgbm ?? null) : null;
    }
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
