import type { Batch } from '../batch/batch.ts';

/** Where a fitted model saves itself. Names are plain (`averages`), without folders or endings. */
export interface ArtifactWriter {
  writeJson(name: string, value: unknown): Promise<void>;
  writeTable(name: string, batch: Batch): Promise<void>;
  writeBytes(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * A part of its own, for a member of the model: its names are apart from those out here and of other parts.
   * @param name plain; of a part, not of an entry
   * @returns the part; the same for the same name
   */
  nested(name: string): ArtifactWriter;
}

/** Where a model is loaded from; every read throws ArtifactError when the entry is missing or damaged. */
export interface ArtifactReader {
  readJson(name: string): Promise<unknown>;
  readTable(name: string): Promise<Batch>;
  readBytes(name: string): Promise<Uint8Array>;
  /**
   * @param name of a part that was written
   * @returns the part; empty where nothing was written into it
   */
  nested(name: string): ArtifactReader;
}

/** Saved states of one thing that is trained step by step. */
export interface SavedStates {
  /** The newest complete checkpoint of this very training (same model, data and hyperparameters), or null. */
  latest(): Promise<{ readonly step: number; readonly artifact: ArtifactReader } | null>;
  /** Saves one; older ones are removed once it is complete. */
  save(step: number, write: (artifact: ArtifactWriter) => Promise<void>): Promise<void>;
}

/** Saved states of a training that is still going on. */
export interface Checkpoints extends SavedStates {
  /**
   * States of a member, whose steps count on their own: saving some removes none of the others'.
   * @param name plain
   * @returns the member's; the same for the same name
   */
  nested(name: string): Checkpoints;
}
