import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  ArtifactError,
  concatBatches,
  emptyBatch,
  systemError,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
} from '@hemline/core';
import { openParquetFile, writeParquetFile } from '@hemline/stores';

/** One file of an artifact. */
export interface ArtifactEntry {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Writes entries into a folder: JSON as text, tables as Parquet, bytes as they are. Each appears whole or not at all. */
export class EntryWriter implements ArtifactWriter {
  readonly entries: ArtifactEntry[] = [];
  readonly #directory: string;

  /** @param directory an existing folder */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.#write(name, `${name}.json`, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  }

  async writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.#write(name, `${name}.bin`, bytes);
  }

  async writeTable(name: string, batch: Batch): Promise<void> {
    const file = `${this.#claim(name)}.parquet`;
    const written = await writeParquetFile(join(this.#directory, file), [batch]);
    this.entries.push({ name, file, bytes: written.bytes, sha256: written.sha256 });
  }

  async #write(name: string, file: string, bytes: Uint8Array): Promise<void> {
    this.#claim(name);
    await writeWhole(join(this.#directory, file), bytes);
    this.entries.push({ name, file, bytes: bytes.length, sha256: digest(bytes) });
  }

  #claim(name: string): string {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name))
      throw new ArtifactError('an artifact entry has no plain name', {
        expected: 'letters, digits, - and _',
        found: name,
      });
    if (this.entries.some((entry) => entry.name === name))
      throw new ArtifactError('an artifact entry is written twice', { found: name });
    return name;
  }
}

/** Reads entries of a folder, each checked against its checksum. */
export class EntryReader implements ArtifactReader {
  readonly #directory: string;
  readonly #entries: readonly ArtifactEntry[];

  /**
   * @param directory the folder
   * @param entries what it should hold
   */
  constructor(directory: string, entries: readonly ArtifactEntry[]) {
    this.#directory = directory;
    this.#entries = entries;
  }

  async readJson(name: string): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.#read(name, '.json')));
  }

  readBytes(name: string): Promise<Uint8Array> {
    return this.#read(name, '.bin');
  }

  async readTable(name: string): Promise<Batch> {
    await this.#read(name, '.parquet');
    const file = await openParquetFile(join(this.#directory, `${name}.parquet`));
    const batches: Batch[] = [];
    for await (const batch of file.batches()) batches.push(batch);
    return batches.length === 0 ? emptyBatch(file.schema) : concatBatches(batches);
  }

  async #read(name: string, ending: string): Promise<Uint8Array> {
    const entry = this.#entries.find((each) => each.file === `${name}${ending}`);
    if (entry === undefined) {
      throw new ArtifactError('the artifact lacks an entry', {
        expected: `${name}${ending}`,
        found: this.#entries.map((each) => each.file).join(', ') || 'none',
        where: { file: this.#directory },
      });
    }
    const path = join(this.#directory, entry.file);
    const bytes = await readFile(path).catch((cause: Error) => {
      throw new ArtifactError('an entry of the artifact cannot be read', {
        found: cause.message,
        where: { file: path },
        remedy: 'Train again, or fetch the artifact again.',
        cause,
      });
    });
    const found = digest(bytes);
    if (found !== entry.sha256) {
      throw new ArtifactError('an entry of the artifact has changed since it was written', {
        expected: `SHA-256 ${entry.sha256}`,
        found,
        where: { file: path },
        remedy: 'Train again, or fetch the artifact again.',
      });
    }
    return bytes;
  }
}

/**
 * Writes a file whole: under a hidden name, flushed to disk, then renamed.
 * @param path of the file
 * @param bytes its content
 * @throws StoreError when the disk is full, ConfigurationError when it may not be written
 */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    // What refused the file may refuse this as well.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw systemError(cause as NodeJS.ErrnoException, path, 'written');
  }
}

/**
 * Whether a file is there with the size that was written.
 * @param path of the file
 * @param bytes expected size
 * @returns whether it is
 */
export async function hasSize(path: string, bytes: number): Promise<boolean> {
  return (await stat(path).catch(() => null))?.size === bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
