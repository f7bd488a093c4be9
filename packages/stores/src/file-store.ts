import { createHash, type Hash } from 'node:crypto';
import { link, mkdir, open, readFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, ConflictError, HemlineError, systemError } from '@hemline/core';
import { FileSource, type ByteSource } from '@hemline/parquet';
import type { ObjectWriter, Store, StoreObject, WriteCondition, WrittenObject } from './store.ts';
import { ABANDONED_MS, isAbandoned, isUnfinishedOf, UNFINISHED, unfinishedName } from './unfinished-file.ts';

/** A folder as a store. Objects are committed by renaming a hidden file that is on disk already. */
export class FileStore implements Store {
  readonly url: string;
  readonly #root: string;

  /** @param root of the folder; made when the first object is written */
  constructor(root: string) {
    this.#root = resolve(root);
    this.url = pathToFileURL(this.#root).href;
  }

  async *list(prefix = ''): AsyncGenerator<StoreObject> {
    for (const name of await this.#names(prefix)) {
      if (UNFINISHED.test(name)) continue;
      const object = await this.stat(name);
      // A folder, or a file that was removed meanwhile.
      if (object !== null) yield object;
    }
  }

  async stat(key: string): Promise<StoreObject | null> {
    try {
      const stats = await stat(this.#path(key), { bigint: true });
      if (!stats.isFile()) return null;
      return { key, bytes: Number(stats.size), version: `${stats.size}-${stats.mtimeNs}` };
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw unreadable(this.#path(key), cause as Error);
    }
  }

  open(key: string): Promise<ByteSource> {
    return FileSource.open(this.#path(key));
  }

  async read(key: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.#path(key));
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw unreadable(this.#path(key), cause as Error);
    }
  }

  create(key: string, condition: WriteCondition = {}): Promise<ObjectWriter> {
    return FileWriter.open(this.#path(key), key, condition);
  }

  async write(
    key: string,
    content: Uint8Array | string,
    condition: WriteCondition = {},
  ): Promise<WrittenObject> {
    const writer = await this.create(key, condition);
    try {
      await writer.write(typeof content === 'string' ? Buffer.from(content) : content);
      return await writer.commit();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async clean(prefix = '', age = ABANDONED_MS): Promise<void> {
    for (const name of await this.#names(prefix))
      if (UNFINISHED.test(name)) await this.#removeAbandoned(name, age);
    if (prefix === '') return;
    // The prefix may be an object's key: its unfinished files lie beside it.
    const folder = dirname(prefix);
    const names = await readdir(join(this.#root, folder)).catch(() => []);
    for (const name of names)
      if (isUnfinishedOf(name, basename(prefix))) await this.#removeAbandoned(join(folder, name), age);
  }

  urlOf(key: string): string {
    return this.#path(key);
  }

  #path(key: string): string {
    if (key === '' || key.startsWith('/') || key.split('/').some((part) => part === '..' || part === '.'))
      throw new ConfigurationError('a key leaves its store', {
        expected: 'parts joined by /, none of them . or ..',
        found: JSON.stringify(key),
        where: { file: this.#root },
      });
    return join(this.#root, key);
  }

  async #removeAbandoned(key: string, limit: number): Promise<void> {
    const stats = await stat(this.#path(key)).catch(() => null);
    // Finished at this moment, or removed.
    if (stats === null) return;
    if (isAbandoned(basename(key), Date.now() - stats.mtimeMs, limit)) await this.remove(key);
  }

  async #names(prefix: string): Promise<string[]> {
    const entries = await readdir(prefix === '' ? this.#root : this.#path(prefix), { recursive: true }).catch(
      (cause: Error) => {
        if (isMissing(cause)) return [];
        throw unreadable(this.#root, cause);
      },
    );
    const below = prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`;
    return entries.map((name) => `${below}${name.replaceAll('\\', '/')}`).sort();
  }
}

/** A file in the making: hidden beside its place until it is whole and on disk. */
export class FileWriter implements ObjectWriter {
  readonly #path: string;
  readonly #key: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #condition: WriteCondition;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #isOpen = true;
  #isDone = false;

  private constructor(
    path: string,
    key: string,
    temporary: string,
    handle: FileHandle,
    condition: WriteCondition,
  ) {
    this.#path = path;
    this.#key = key;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#condition = condition;
  }

  /**
   * @param path of the file; its folder is made
   * @param key for the answer
   * @param condition when it may be committed
   * @returns the writer
   * @throws StoreError when the disk is full, ConfigurationError when the folder or the file may not be made
   */
  static async open(path: string, key: string, condition: WriteCondition = {}): Promise<FileWriter> {
    const folder = dirname(path);
    const temporary = join(folder, unfinishedName(basename(path)));
    try {
      await mkdir(folder, { recursive: true });
      return new FileWriter(path, key, temporary, await open(temporary, 'wx'), condition);
    } catch (cause) {
      throw unwritable(path, cause as Error);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    try {
      for (let start = 0; start < chunk.length;) {
        const { bytesWritten } = await this.#handle.write(chunk, start, chunk.length - start);
        start += bytesWritten;
      }
    } catch (cause) {
      throw unwritable(this.#path, cause as Error);
    }
  }

  async commit(): Promise<WrittenObject> {
    try {
      await this.#handle.sync();
      await this.#close();
      if (this.#condition.ifAbsent === true) {
        // A link, unlike a rename, never takes the place of what is there.
        await link(this.#temporary, this.#path);
        await rm(this.#temporary, { force: true });
      } else await rename(this.#temporary, this.#path);
      this.#isDone = true;
      await syncFolder(dirname(this.#path));
      const stats = await stat(this.#path, { bigint: true });
      return {
        key: this.#key,
        bytes: this.#bytes,
        version: `${stats.size}-${stats.mtimeNs}`,
        sha256: this.#hash.digest('hex'),
      };
    } catch (cause) {
      if (cause instanceof HemlineError) throw cause;
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
        throw new ConflictError('the file is there already', {
          expected: 'no file of this name',
          where: { file: this.#path },
          remedy: 'Another writer was first: use what it wrote, or write under another name.',
          cause,
        });
      throw unwritable(this.#path, cause as Error);
    }
  }

  async abort(): Promise<void> {
    if (this.#isDone) return;
    await this.#close();
    await rm(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }
}

/** A rename is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Folders cannot be opened everywhere; where they can, a failure to sync is one.
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

function unreadable(path: string, cause: Error): HemlineError {
  return systemError(cause, path, 'read');
}

function unwritable(path: string, cause: Error): HemlineError {
  return systemError(cause, path, 'written');
}
