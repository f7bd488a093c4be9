import {
  ArtifactError,
  Batch,
  type ArtifactReader,
  type ArtifactWriter,
  type Column,
  type ColumnValues,
} from '@hemline/core';

/** A model's folder in memory. Everything is copied on the way in and out, as if it had been on disk. */
export class MemoryArtifact implements ArtifactWriter, ArtifactReader {
  readonly #json = new Map<string, string>();
  readonly #tables = new Map<string, Batch>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #parts = new Map<string, MemoryArtifact>();

  /** Names of all entries, sorted; those of a part with its name before them: `trees/booster`. */
  get names(): readonly string[] {
    const parts = [...this.#parts].flatMap(([part, { names }]) => names.map((name) => `${part}/${name}`));
    return [...this.#json.keys(), ...this.#tables.keys(), ...this.#bytes.keys(), ...parts].sort();
  }

  nested(name: string): MemoryArtifact {
    checkPlain(name);
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const part = new MemoryArtifact();
    this.#parts.set(name, part);
    return part;
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    this.#claim(name);
    this.#json.set(name, toJson(name, value));
  }

  async writeTable(name: string, batch: Batch): Promise<void> {
    this.#claim(name);
    this.#tables.set(name, copyBatch(batch));
  }

  async writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    this.#claim(name);
    this.#bytes.set(name, bytes.slice());
  }

  async readJson(name: string): Promise<unknown> {
    return JSON.parse(this.#entry(this.#json, name, 'JSON')) as unknown;
  }

  async readTable(name: string): Promise<Batch> {
    return copyBatch(this.#entry(this.#tables, name, 'table'));
  }

  async readBytes(name: string): Promise<Uint8Array> {
    return this.#entry(this.#bytes, name, 'bytes').slice();
  }

  /** Names must be plain, and written once: on disk one would overwrite the other. */
  #claim(name: string): void {
    checkPlain(name);
    if (this.#json.has(name) || this.#tables.has(name) || this.#bytes.has(name))
      throw new ArtifactError('an artifact entry is written twice', { found: name });
  }

  #entry<T>(entries: ReadonlyMap<string, T>, name: string, kind: string): T {
    const entry = entries.get(name);
    if (entry === undefined) {
      throw new ArtifactError('the artifact lacks an entry', {
        expected: `${kind} ${name}`,
        found: this.names.length === 0 ? 'an empty artifact' : `entries ${this.names.join(', ')}`,
      });
    }
    return entry;
  }
}

function checkPlain(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) return;
  throw new ArtifactError('the name of an artifact entry is not plain', {
    expected: 'letters, digits, - and _, without folders or endings',
    found: JSON.stringify(name),
  });
}

/** JSON turns NaN and the infinities into null without a word; here that is an error. */
function toJson(name: string, value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) {
      throw new ArtifactError('JSON cannot hold this number', {
        found: `${inner} at ${key === '' ? 'the root' : key} of ${name}`,
        remedy: 'Write numbers that may be missing as a table.',
      });
    }
    return inner;
  });
}

function copyBatch(batch: Batch): Batch {
  return new Batch(
    new Map(
      [...batch.columns].map(([name, column]) => [
        name,
        {
          ...column,
          values: (column.values as { slice(): ColumnValues }).slice(),
          validity: column.validity === null ? null : column.validity.slice(),
          ...(column.type === 'string' ? { dictionary: [...column.dictionary] } : {}),
        } as Column,
      ]),
    ),
    batch.length,
  );
}
