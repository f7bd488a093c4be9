import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineName } from './engine-pins.ts';

/** An engine that is staged and was loaded once to see that it works. */
export interface StagedEngine {
  readonly state: 'staged';
  readonly version: string;
  /** The library to load. */
  readonly library: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Every file that must be in place: libraries in the cache, links and the addon in node_modules. */
  readonly files: readonly string[];
  /** Where it came from, for people. */
  readonly source: string;
}

/** An engine that cannot be had here. */
export interface MissingEngine {
  readonly state: 'unavailable';
  readonly version: string;
  /** Why, for people. */
  readonly reason: string;
}

/** The content of `node_modules/.hemline/engines.json`, which packages read to find their engine. */
export interface EngineRecord {
  readonly format: 1;
  readonly engines: Readonly<Partial<Record<EngineName, StagedEngine | MissingEngine>>>;
}

/**
 * @param root of the workspace
 * @returns path of the record
 */
export function recordPath(root: string): string {
  return join(root, 'node_modules', '.hemline', 'engines.json');
}

/**
 * @param root of the workspace
 * @returns the record, empty where there is none or a format that this version does not know
 */
export async function readRecord(root: string): Promise<EngineRecord> {
  try {
    const record = JSON.parse(await readFile(recordPath(root), 'utf8')) as EngineRecord;
    if (record.format === 1) return record;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  return { format: 1, engines: {} };
}

/**
 * Notes one engine; the others stay as they are. Call it under the lock.
 * @param root of the workspace
 * @param engine which one
 * @param entry what is known of it
 */
export async function noteEngine(
  root: string,
  engine: EngineName,
  entry: StagedEngine | MissingEngine,
): Promise<void> {
  const path = recordPath(root);
  const record = await readRecord(root);
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  const content: EngineRecord = { format: 1, engines: { ...record.engines, [engine]: entry } };
  await writeFile(partial, `${JSON.stringify(content, null, 2)}\n`);
  await rename(partial, path);
}

/**
 * @param entry of the record
 * @param version that is pinned
 * @returns whether this version is staged and all its files are still there, the library in its full size
 */
export function isInPlace(
  entry: StagedEngine | MissingEngine | undefined,
  version: string,
): entry is StagedEngine {
  if (entry?.state !== 'staged' || entry.version !== version) return false;
  return (
    statSync(entry.library, { throwIfNoEntry: false })?.size === entry.bytes &&
    entry.files.every((file) => statSync(file, { throwIfNoEntry: false }) !== undefined)
  );
}
