import type { Batch } from '../batch/batch.ts';

/** Where a fitted model saves itself. Names are plain (`averages`), without folders or endings. */
export interface ArtifactWriter {
  writeJson(name: string, value: unknown): Promise<void>;
  writeTable(name: string, batch: Batch): Promise<void>;
  writeBytes(name: string, bytes: Uint8Array): Promise<void>;
}

/** Where a model is loaded from; every read throws ArtifactError when the entry is missing or damaged. */
export interface ArtifactReader {
  readJson(name: string): Promise<unknown>;
  readTable(name: string): Promise<Batch>;
  readBytes(name: string): Promise<Uint8Array>;
}

/** Saved states of a training that is still going on. */
export interface Checkpoints {
  /** The newest complete checkpoint of this very training (same model, data and hyperparameters), or null. */
  latest(): Promise<{ readonly step: number; readonly artifact: ArtifactReader } | null>;
  /** Saves one; older ones are removed once it is complete. */
  save(step: number, write: (artifact: ArtifactWriter) => Promise<void>): Promise<void>;
}
