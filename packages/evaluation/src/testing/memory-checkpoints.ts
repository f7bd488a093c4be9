import type { ArtifactReader, ArtifactWriter, Checkpoints } from '@hemline/core';
import { MemoryArtifact } from './memory-artifact.ts';

/** Checkpoints in memory, which remember the steps they were saved at. */
export class MemoryCheckpoints implements Checkpoints {
  /** All that were saved, oldest first. */
  readonly steps: number[] = [];
  readonly #parts = new Map<string, MemoryCheckpoints>();
  #saved: { readonly step: number; readonly artifact: MemoryArtifact } | null = null;

  async latest(): Promise<{ readonly step: number; readonly artifact: ArtifactReader } | null> {
    return this.#saved;
  }

  async save(step: number, write: (artifact: ArtifactWriter) => Promise<void>): Promise<void> {
    const artifact = new MemoryArtifact();
    await write(artifact);
    this.#saved = { step, artifact };
    this.steps.push(step);
  }

  nested(name: string): MemoryCheckpoints {
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const part = new MemoryCheckpoints();
    this.#parts.set(name, part);
    return part;
  }
}
