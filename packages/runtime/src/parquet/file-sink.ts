import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { ByteWriter, type Writer } from 'hyparquet-writer';

/** A file that hyparquet-writer fills: bytes are gathered in memory per row group, then written and hashed. */
export class FileSink {
  /** What the Parquet writer appends to. */
  readonly writer: Writer;
  readonly #bytes: ByteWriter;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #written = 0;
  #closed = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
    this.#bytes = new ByteWriter(1 << 20);
    this.writer = this.#bytes as unknown as Writer;
  }

  /**
   * @param path of a file that must not exist yet
   * @returns the sink
   */
  static async create(path: string): Promise<FileSink> {
    return new FileSink(await open(path, 'wx'));
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#written;
  }

  /** Hands what was gathered to the disk. */
  async flush(): Promise<void> {
    const chunk = new Uint8Array(this.#bytes.buffer, 0, this.#bytes.index);
    this.#hash.update(chunk);
    for (let start = 0; start < chunk.length;) {
      const { bytesWritten } = await this.#handle.write(chunk, start, chunk.length - start);
      start += bytesWritten;
    }
    this.#written += chunk.length;
    this.#bytes.index = 0;
  }

  /** Waits until all of it is on disk. */
  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  /** Closes the file; may be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }

  /**
   * The checksum of everything written. Call once, at the end.
   * @returns hexadecimal SHA-256
   */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
