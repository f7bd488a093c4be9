import type { Schema } from '@hemline/core';
import { writeParquetFile, type WrittenFile } from '@hemline/stores';
import { BatchChannel } from './batch-channel.ts';
import { RowBuffer } from './row-buffer.ts';

/** How a table is cut into row groups and files. */
export interface TableLayout {
  readonly schema: Schema;
  /** Path of the n-th file, from 0. */
  readonly path: (part: number) => string;
  /** Rows of a row group, but for the last of a file. */
  readonly rowGroupRows: number;
  /** A file is ended once it has as many rows. */
  readonly fileRows: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What was written of a table. */
export interface TableSummary {
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

interface OpenFile {
  readonly channel: BatchChannel;
  readonly written: Promise<WrittenFile>;
}

/**
 * Streams a table into Parquet files. Rows are filled into a buffer as large as a row group; a series is never torn
 * apart by the end of a file. Where files and row groups end depends on the rows alone. Holds one buffer, and what the
 * writer has not taken yet: call {@link drain} often enough.
 */
export class TableWriter {
  readonly #layout: TableLayout;
  #buffer: RowBuffer;
  #file: OpenFile | null = null;
  #fileRows = 0;
  #parts = 0;
  readonly #ended: Promise<WrittenFile>[] = [];
  #rows = 0;
  #files = 0;
  #bytes = 0;

  /** @param layout of the table */
  constructor(layout: TableLayout) {
    this.#layout = layout;
    this.#buffer = new RowBuffer(layout.schema, layout.rowGroupRows);
  }

  /**
   * Makes room for the rows of a series.
   * @param rows at most as many as a row group holds
   * @returns the buffer to fill from its `length` on; raise its `length` by the rows filled
   */
  reserve(rows: number): RowBuffer {
    if (rows > this.#buffer.room) this.#flush();
    if (this.#fileRows + this.#buffer.length >= this.#layout.fileRows) this.#endFile();
    return this.#buffer;
  }

  /** Waits until the writer has taken what is queued. Throws what the writer throws. */
  async drain(): Promise<void> {
    for (const file of await Promise.all(this.#ended.splice(0))) {
      this.#rows += file.rows;
      this.#bytes += file.bytes;
      this.#files++;
    }
    if (this.#file !== null) await Promise.race([this.#file.channel.idle(), this.#file.written]);
  }

  /**
   * Writes what is left. A table without rows gets one file without rows.
   * @returns what was written in all
   */
  async close(): Promise<TableSummary> {
    this.#flush();
    if (this.#file === null && this.#parts === 0) this.#open();
    this.#endFile();
    await this.drain();
    return { rows: this.#rows, files: this.#files, bytes: this.#bytes };
  }

  /**
   * Stops writing; files that are open are left to their writer to remove.
   * @param reason why
   */
  async abort(reason: unknown): Promise<void> {
    this.#file?.channel.fail(reason);
    await Promise.allSettled([...this.#ended, ...(this.#file === null ? [] : [this.#file.written])]);
    this.#file = null;
  }

  #flush(): void {
    if (this.#buffer.length === 0) return;
    this.#file ??= this.#open();
    this.#file.channel.push(this.#buffer.toBatch());
    this.#fileRows += this.#buffer.length;
    this.#buffer = new RowBuffer(this.#layout.schema, this.#layout.rowGroupRows);
  }

  #open(): OpenFile {
    const { path, schema, rowGroupRows, metadata } = this.#layout;
    const channel = new BatchChannel();
    const file = path(this.#parts++);
    const written = writeParquetFile(file, channel, { schema, rowGroupRows, metadata });
    // A failure is thrown by the next drain; until then nobody listens.
    written.catch(() => undefined);
    this.#file = { channel, written };
    return this.#file;
  }

  #endFile(): void {
    this.#flush();
    if (this.#file === null) return;
    this.#file.channel.close();
    this.#ended.push(this.#file.written);
    this.#file = null;
    this.#fileRows = 0;
  }
}
