import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `npm run setup` noted about an engine; the format is described in `tools/setup/README.md`. */
export interface EngineEntry {
  readonly state: 'staged' | 'unavailable';
  readonly version: string;
  /** Path of the library, where it is staged. */
  readonly library?: string;
  /** Why it cannot be had, where it cannot. */
  readonly reason?: string;
}

/**
 * Looks for `node_modules/.hemline/engines.json`, from the folder of this file upwards.
 * @param engine its name in the record
 * @returns the entry, or null where setup has not run or did not try
 */
export function engineEntry(engine: 'tensorflow' | 'tensorflow-gpu'): EngineEntry | null {
  let folder = import.meta.dirname;
  for (;;) {
    try {
      const text = readFileSync(join(folder, 'node_modules', '.hemline', 'engines.json'), 'utf8');
      const record = JSON.parse(text) as { format: number; engines: Record<string, EngineEntry | undefined> };
      return record.format === 1 ? (record.engines[engine] ?? null) : null;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    }
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}
