import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError } from '@hemline/core';
import { createFile, replaceFile } from '@hemline/runs/documents';
import type { FolderContent, RunFiles } from '../functions/step-services.ts';
import type { LocalBuckets } from '@hemline/sagemaker/run';

/** Small files of a run in the folders that stand for buckets. */
export class LocalFiles implements RunFiles {
  readonly #buckets: LocalBuckets;

  /** @param buckets of this machine */
  constructor(buckets: LocalBuckets) {
    this.#buckets = buckets;
  }

  async read(uri: string): Promise<string | null> {
    try {
      return await readFile(this.#buckets.pathOf(uri), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  write(uri: string, text: string): Promise<void> {
    return replaceFile(this.#buckets.pathOf(uri), text);
  }

  async writeIfAbsent(uri: string, text: string): Promise<boolean> {
    try {
      await createFile(this.#buckets.pathOf(uri), text);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  list(prefix: string): Promise<string[]> {
    return Promise.resolve(this.#buckets.list(prefix).map(({ uri }) => uri));
  }

  async folder(uri: string): Promise<FolderContent> {
    const path = this.#buckets.pathOf(uri);
    const objects: FolderContent['objects'][number][] = [];
    const folders: string[] = [];
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names) {
      const found = await stat(join(path, name));
      if (found.isDirectory()) folders.push(`${uri}${name}/`);
      else objects.push({ uri: `${uri}${name}`, at: found.mtime.toISOString() });
    }
    return { objects, folders };
  }
}
