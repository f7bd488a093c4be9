import { mkdir, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { throwIfAborted, type ProgressEvent } from '@hemline/core';
import { isS3, openSource } from '@hemline/stores';
import type { TextFormat } from '../map/import-map.ts';
import { writeSheet, type WrittenSheet } from './excel-sheet.ts';
import type { SourceFile } from './source-files.ts';

/** Bytes that are fetched at a time. */
const PIECE = 1 << 24;

/** A file as DuckDB reads it, on this machine. */
export interface StagedFile extends SourceFile {
  readonly kind: 'csv' | 'parquet' | 'json';
  /** As people know it: where it came from. */
  readonly name: string;
  /** Of a sheet of a workbook. */
  readonly sheet?: WrittenSheet;
}

/** Who is told while files are fetched, and who stops it. */
export interface StagingOptions {
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/** Brings files into the form in which DuckDB reads them: objects of S3 are fetched, sheets of workbooks written as CSV. */
export class Staging {
  readonly #folder: string;
  readonly #options: StagingOptions;
  #count = 0;

  /**
   * @param folder for what is not kept
   * @param options progress, signal
   */
  constructor(folder: string, options: StagingOptions = {}) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * @param files as they were found
   * @param format of their section
   * @returns them, in the same order; those that need nothing are left where they are
   */
  async stage(files: readonly SourceFile[], format: TextFormat): Promise<StagedFile[]> {
    const staged: StagedFile[] = [];
    for (const file of files) staged.push(await this.#stageOne(file, format));
    return staged;
  }

  async #stageOne({ path: name, kind }: SourceFile, format: TextFormat): Promise<StagedFile> {
    throwIfAborted(this.#options.signal);
    const path = isS3(name) ? await this.#fetch(name) : name;
    if (kind !== 'excel') return { path, name, kind };
    const folder = join(this.#folder, String(this.#count++), ...hiveFolders(name));
    await mkdir(folder, { recursive: true });
    const target = join(folder, `${basename(name)}.csv`);
    return { path: target, name, kind: 'csv', sheet: await writeSheet(path, target, format, name) };
  }

  async #fetch(url: string): Promise<string> {
    const target = join(this.#folder, String(this.#count++), ...hiveFolders(url), basename(url));
    await mkdir(dirname(target), { recursive: true });
    const { onProgress, signal } = this.#options;
    const source = await openSource(url);
    const file = await open(target, 'wx');
    try {
      for (let start = 0; start < source.size; start += PIECE) {
        throwIfAborted(signal);
        const end = Math.min(source.size, start + PIECE);
        await file.write(await source.read({ start, end }));
        onProgress?.({ phase: `fetching ${basename(url)}`, done: end, total: source.size, unit: 'bytes' });
      }
    } finally {
      await file.close();
      await source.close();
    }
    return target;
  }
}

/** Folders that are columns. */
function hiveFolders(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .filter((part) => part.includes('='));
}
