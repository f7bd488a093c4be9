import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactReader, ArtifactWriter, Checkpoints } from '@hemline/core';
import { EntryReader, EntryWriter, hasSize, writeWhole, type ArtifactEntry } from './entry-folder.ts';

const INDEX_FILE = 'checkpoint.json';

/** What makes two trainings the same: a checkpoint of one may go on in the other. */
export interface TrainingIdentity {
  readonly model: string;
  readonly modelVersion: number;
  readonly dataFingerprint: string;
  readonly hyperparameters: unknown;
  readonly cutoff: string;
  readonly seed: number;
}

/**
 * Checkpoints in a folder that the platform keeps in step with S3. Each is a folder named after the training's identity
 * and its step, which appears by rename; the index is written last, so one that was copied in half never loads.
 * Checkpoints of other trainings are left alone.
 */
export class DirectoryCheckpoints implements Checkpoints {
  readonly #directory: string;
  readonly #identity: TrainingIdentity;
  readonly #part: string;
  readonly #prefix: string;
  readonly #nested = new Map<string, DirectoryCheckpoints>();

  /**
   * @param directory `checkpoints/` of the root
   * @param identity of the training
   * @param part of it that is trained: empty, or names with a slash behind each
   */
  constructor(directory: string, identity: TrainingIdentity, part = '') {
    this.#directory = directory;
    this.#identity = identity;
    this.#part = part;
    const text = `${JSON.stringify(identity)}${part}`;
    this.#prefix = `${createHash('sha256').update(text).digest('hex').slice(0, 16)}-`;
  }

  nested(name: string): DirectoryCheckpoints {
    const known = this.#nested.get(name);
    if (known !== undefined) return known;
    const part = new DirectoryCheckpoints(this.#directory, this.#identity, `${this.#part}${name}/`);
    this.#nested.set(name, part);
    return part;
  }

  /**
   * What a training that was stopped would go on from.
   * @returns the step of the newest checkpoint, for example `240`, or `240 of demand-trees`; null where nothing was saved
   */
  async newest(): Promise<string | null> {
    const latest = await this.latest();
    if (latest !== null) return `${latest.step}${this.#part === '' ? '' : ` of ${this.#part.slice(0, -1)}`}`;
    // Members are trained one after another: the last of them is the one in work.
    for (const part of [...this.#nested.values()].reverse()) {
      const step = await part.newest();
      if (step !== null) return step;
    }
    return null;
  }

  async latest(): Promise<{ readonly step: number; readonly artifact: ArtifactReader } | null> {
    for (const step of (await this.#steps()).reverse()) {
      const folder = join(this.#directory, this.#nameOf(step));
      const entries = await wholeEntries(folder);
      if (entries !== null) return { step, artifact: new EntryReader(folder, entries) };
    }
    return null;
  }

  async save(step: number, write: (artifact: ArtifactWriter) => Promise<void>): Promise<void> {
    const older = await this.#steps();
    await this.#clear();
    const aside = join(this.#directory, `.writing-${randomBytes(6).toString('hex')}`);
    await mkdir(aside, { recursive: true });
    try {
      const writer = new EntryWriter(aside);
      await write(writer);
      await writeWhole(join(aside, INDEX_FILE), JSON.stringify({ step, entries: writer.entries }));
      const target = join(this.#directory, this.#nameOf(step));
      await rm(target, { recursive: true, force: true });
      await rename(aside, target);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    for (const each of older)
      if (each !== step)
        await rm(join(this.#directory, this.#nameOf(each)), { recursive: true, force: true });
  }

  /** What a killed save left: nobody reads it, but the platform would keep it in step with S3. */
  async #clear(): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => []))
      if (name.startsWith('.writing-'))
        await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  async #steps(): Promise<number[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names
      .filter((name) => name.startsWith(this.#prefix))
      .map((name) => Number(name.slice(this.#prefix.length)))
      .sort((a, b) => a - b);
  }

  #nameOf(step: number): string {
    return `${this.#prefix}${String(step).padStart(8, '0')}`;
  }
}

/** The entries of a checkpoint; null when it is torn: the platform copies file by file, in no promised order. */
async function wholeEntries(folder: string): Promise<readonly ArtifactEntry[] | null> {
  let entries: readonly ArtifactEntry[];
  try {
    const text = await readFile(join(folder, INDEX_FILE), 'utf8');
    ({ entries } = JSON.parse(text) as { entries: readonly ArtifactEntry[] });
  } catch {
    // Without a whole index it was not saved to its end, or not copied to its end: the one before serves.
    return null;
  }
  for (const { file, bytes } of entries) if (!(await hasSize(join(folder, file), bytes))) return null;
  return entries;
}
