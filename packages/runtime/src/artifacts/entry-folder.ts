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
  /** With the parts that it lies in before it: `demand-trees/booster`. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Writes entries into a folder: JSON as text, tables as Parquet, bytes as they are. Each appears whole or not at all. */
export class EntryWriter implements ArtifactWriter {
  /** Those of parts too. */
  readonly entries: ArtifactEntry[];
  readonly #directory: string;
  readonly #part: string;

  /**
   * @param directory an existing folder
   * @param part before the names of entries: empty, or ends with a slash
   * @param entries that are there already, where it is a part of something
   */
  constructor(directory: string, part = '', entries: ArtifactEntry[] = []) {
    this.#directory = directory;
    this.#part = part;
    this.entries = entries;
  }

  nested(name: string): ArtifactWriter {
    return new EntryWriter(this.#directory, `${this.#part}${plain(name)}/`, this.entries);
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.#write(name, '.json', new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  }

  async writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.#write(name, '.bin', bytes);
  }

  async writeTable(name: string, batch: Batch): Promise<void> {
    const whole = this.#claim(name);
    const file = `${whole}.parquet`;
    const path = join(this.#directory, file);
    await mkdir(dirname(path), { recursive: true });
    const { bytes, sha256 } = await writeParquetFile(path, [batch]);
    this.entries.push({ name: whole, file, bytes, sha256 });
  }

  async #write(name: string, ending: string, bytes: Uint8Array): Promise<void> {
    const whole = this.#claim(name);
    const file = `${whole}${ending}`;
    await writeWhole(join(this.#directory, file), bytes);
    this.entries.push({ name: whole, file, bytes: bytes.length, sha256: digest(bytes) });
  }

  #claim(name: string): string {
    const whole = `${this.#part}${plain(name)}`;
    if (this.entries.some((entry) => entry.name === whole))
      throw new ArtifactError('an artifact entry is written twice', { found: whole });
    return whole;
  }
}

function plain(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return name;
  throw new ArtifactError('an artifact entry has no plain name', {
    expected: 'letters, digits, - and _',
    found: name,
  });
}

/** Reads entries of a folder, each checked against its checksum. */
export class EntryReader implements ArtifactReader {
  readonly #directory: string;
  readonly #entries: readonly ArtifactEntry[];
  readonly #part: string;

  /**
   * @param directory the folder
   * @param entries what it should hold
   * @param part before the names of entries: empty, or ends with a slash
   */
  constructor(directory: string, entries: readonly ArtifactEntry[], part = '') {
    this.#directory = directory;
    this.#entries = entries;
    this.#part = part;
  }

  nested(name: string): ArtifactReader {
    return new EntryReader(this.#directory, this.#entries, `${this.#part}${plain(name)}/`);
  }

  async readJson(name: string): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.#read(name, '.json')));
  }

  readBytes(name: string): Promise<Uint8Array> {
    return this.#read(name, '.bin');
  }

  async readTable(name: string): Promise<Batch> {
    await this.#read(name, '.parquet');
    const file = await openParquetFile(join(this.#directory, `${this.#part}${name}.parquet`));
    const batches: Batch[] = [];
    for await (const batch of file.batches()) batches.push(batch);
    return batches.length === 0 ? emptyBatch(file.schema) : concatBatches(batches);
  }

  async #read(name: string, ending: string): Promise<Uint8Array> {
    const file = `${this.#part}${name}${ending}`;
    const entry = this.#entries.find((each) => each.file === file);
    if (entry === undefined) {
      throw new ArtifactError('the artifact lacks an entry', {
        expected: file,
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
