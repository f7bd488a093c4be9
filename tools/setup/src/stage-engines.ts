import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pinOf, type EngineName } from './engine-pins.ts';
import { isInPlace, noteEngine, readRecord, type MissingEngine, type StagedEngine } from './engine-record.ts';
import { withLock } from './lock.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { ChecksumError, SetupError } from './setup-error.ts';

/** How to stage. */
export interface StageOptions {
  readonly engines: readonly EngineName[];
  /** Leave an engine alone that an earlier run could not get. */
  readonly onlyNew?: boolean;
}

/** What became of each engine. */
export type StageResult = Partial<Record<EngineName, StagedEngine | MissingEngine>>;

/**
 * Stages engines one after the other. What is in place is left alone without touching the disk further; an engine that
 * cannot be had is noted as such and is no error.
 * @param places the folders
 * @param progress to show how far it is
 * @param options which engines
 * @returns what became of each
 * @throws ChecksumError when a source serves another file than the pinned one
 */
export async function stageEngines(
  places: Places,
  progress: Progress,
  options: StageOptions,
): Promise<StageResult> {
  const result: StageResult = {};
  const record = await readRecord(places.root);
  const open: EngineName[] = [];
  for (const engine of options.engines) {
    const entry = record.engines[engine];
    if (inPlace(engine, entry) || (options.onlyNew && entry?.state === 'unavailable')) result[engine] = entry;
    else open.push(engine);
  }
  if (open.length === 0) return result;

  const onWait = (holder: number): void => progress.say(`waiting for another setup (process ${holder})`);
  await withLock(
    join(places.cache, 'lock'),
    async () => {
      for (const engine of open) {
        // Whoever held the lock before may have staged it.
        const entry = (await readRecord(places.root)).engines[engine];
        result[engine] = inPlace(engine, entry) ? entry : await stage(engine, places, progress);
      }
      // Only the holder of the lock writes below partial/: what is there now was left by a run that was stopped.
      await rm(join(places.cache, 'partial'), { recursive: true, force: true });
    },
    { onWait },
  );
  return result;
}

/** The pinned version is in place, or what stands in for it where a platform has no pin. */
function inPlace(engine: EngineName, entry: StagedEngine | MissingEngine | undefined): entry is StagedEngine {
  const stock = entry?.state === 'staged' && entry.source.startsWith('the download of');
  return isInPlace(entry, stock ? entry.version : (pinOf(engine)?.version ?? ''));
}

async function stage(
  engine: EngineName,
  places: Places,
  progress: Progress,
): Promise<StagedEngine | MissingEngine> {
  let entry: StagedEngine | MissingEngine;
  try {
    if (engine === 'lightgbm') {
      const { stageLightgbm } = await import('./stage-lightgbm.ts');
      entry = await stageLightgbm(places, progress);
    } else {
      const { stageTensorflow } = await import('./stage-tensorflow.ts');
      entry = await stageTensorflow(engine, places, progress);
    }
    progress.say(`staged ${engine} ${entry.version}`);
  } catch (error) {
    if (!(error instanceof SetupError) || error instanceof ChecksumError) throw error;
    entry = { state: 'unavailable', version: pinOf(engine)?.version ?? 'none', reason: error.message };
  }
  await noteEngine(places.root, engine, entry);
  return entry;
}
