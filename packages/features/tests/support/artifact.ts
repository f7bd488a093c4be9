import { ArtifactError, type ArtifactReader, type ArtifactWriter, type Batch } from '@hemline/core';

/** A model's folder in memory; JSON goes through text, as it does on disk. */
export class TestArtifact implements ArtifactWriter, ArtifactReader {
  readonly #json = new Map<string, string>();
  readonly #tables = new Map<string, Batch>();

  nested(name: string): TestArtifact {
    throw new ArtifactError('nothing here has parts', { found: name });
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    this.#json.set(name, JSON.stringify(value));
  }

  async writeTable(name: string, batch: Batch): Promise<void> {
    this.#tables.set(name, batch);
  }

  async writeBytes(name: string): Promise<void> {
    throw new ArtifactError('nothing here is saved as bytes', { found: name });
  }

  async readJson(name: string): Promise<unknown> {
    return JSON.parse(entry(this.#json, name)) as unknown;
  }

  async readTable(name: string): Promise<Batch> {
    return entry(this.#tables, name);
  }

  async readBytes(name: string): Promise<Uint8Array> {
    throw new ArtifactError('nothing here is saved as bytes', { found: name });
  }
}

function entry<T>(entries: ReadonlyMap<string, T>, name: string): T {
  const found = entries.get(name);
  if (found === undefined) throw new ArtifactError('the artifact lacks an entry', { expected: name });
  return found;
}
