import { ArtifactError, type ArtifactReader, type ArtifactWriter, type SavedStates } from '@hemline/core';

/** Checkpoints in memory. */
export class MemoryCheckpoints implements SavedStates {
  saved: { step: number; entries: Map<string, string | Uint8Array> } | null = null;
  onSave?: (step: number) => void;

  async latest(): Promise<{ step: number; artifact: ArtifactReader } | null> {
    if (this.saved === null) return null;
    const { step, entries } = this.saved;
    return {
      step,
      artifact: {
        readJson: async (name) => JSON.parse(entries.get(name) as string) as unknown,
        readBytes: async (name) => entries.get(name) as Uint8Array,
        readTable: () => Promise.reject(new ArtifactError('there is no table')),
        nested: noParts,
      },
    };
  }

  async save(step: number, write: (artifact: ArtifactWriter) => Promise<void>): Promise<void> {
    const entries = new Map<string, string | Uint8Array>();
    await write({
      writeJson: async (name, value) => void entries.set(name, JSON.stringify(value)),
      writeBytes: async (name, bytes) => void entries.set(name, bytes.slice()),
      writeTable: () => Promise.reject(new ArtifactError('there is no table')),
      nested: noParts,
    });
    this.saved = { step, entries };
    this.onSave?.(step);
  }
}

function noParts(name: string): never {
  throw new ArtifactError('there are no parts', { found: name });
}
