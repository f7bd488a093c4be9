import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@hemline/core';

/** Folder of an image that programs, packages and libraries lie in. */
export const HOME = '/opt/hemline';

/** What set-up notes of an engine, in `node_modules/.hemline/engines.json` (tools/setup). */
export interface EngineEntry {
  readonly state: 'staged' | 'unavailable';
  readonly version: string;
  /** The library to load. */
  readonly library?: string;
  readonly reason?: string;
}

/** An engine as set-up names it. */
export type StagedName = 'lightgbm' | 'tensorflow' | 'tensorflow-gpu';

/**
 * @param root of the workspace
 * @param engine that an image needs
 * @returns what is staged
 * @throws EngineError where it is not
 */
export async function stagedEngine(
  root: string,
  engine: StagedName,
): Promise<Required<Pick<EngineEntry, 'version' | 'library'>>> {
  const file = join(root, 'node_modules', '.hemline', 'engines.json');
  const text = await readFile(file, 'utf8').catch(() => '{"engines":{}}');
  const entry = (JSON.parse(text) as { engines: Record<string, EngineEntry | undefined> }).engines[engine];
  if (entry?.state === 'staged' && entry.library !== undefined)
    return { version: entry.version, library: entry.library };
  throw new EngineError(`${engine} is not staged, so no image can hold it`, {
    expected: `an entry of ${engine} in ${file}`,
    ...(entry?.reason === undefined ? {} : { found: entry.reason }),
    remedy: engine === 'tensorflow-gpu' ? 'Run "npm run setup -- --gpu".' : 'Run "npm run setup".',
  });
}
