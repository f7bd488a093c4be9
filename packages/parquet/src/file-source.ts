import { open, type FileHandle } from 'node:fs/promises';
import { DataError, StoreError } from '@hemline/core';
import { coalesceRanges } from './coalesce.ts';
import type { ByteRange, ByteSource } from './byte-source.ts';

const GAP = 1 << 16;
const LARGEST_READ = 1 << 24;

/** A file, read by range through one handle: a file that replaces it under its name is not seen. */
export class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #handle: FileHandle;
  #closed = false;

  private constructor(name: string, size: number, handle: FileHandle) {
    this.name = name;
    this.size = size;
    this.#handle = handle;
  }

  /**
   * @param path of the file
   * @returns the open file
   * @throws DataError when there is none
   * @throws StoreError when it cannot be opened
   */
  static async open(path: string): Promise<FileSource> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      return new FileSource(path, (await handle.stat()).size, handle);
    } catch (cause) {
      await handle?.close();
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
        throw new DataError('there is no such file', {
          where: { file: path },
          remedy: 'Check the path, and that nothing removes files while a job reads them.',
          cause,
        });
      throw unreadable(path, cause as Error);
    }
  }

  async read({ start, end }: ByteRange): Promise<Uint8Array> {
    const bytes = new Uint8Array(new ArrayBuffer(end - start));
    try {
      for (let filled = 0; filled < bytes.length;) {
        const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) throw new Error(`the file ended at byte ${start + filled}: it was cut short`);
        filled += bytesRead;
      }
      return bytes;
    } catch (cause) {
      throw unreadable(this.name, cause as Error);
    }
  }

  async readMany(ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    const parts = new Array<Uint8Array>(ranges.length);
    await Promise.all(
      coalesceRanges(ranges, GAP, LARGEST_READ).map(async (read) => {
        const bytes = await this.read(read);
        for (const i of read.members)
          parts[i] = bytes.subarray(ranges[i]!.start - read.start, ranges[i]!.end - read.start);
      }),
    );
    return parts;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

function unreadable(path: string, cause: Error): StoreError {
  return new StoreError('the file cannot be read', { found: cause.message, where: { file: path }, cause });
}
