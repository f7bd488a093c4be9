import type { ByteRange, ByteSource, ObjectWriter, WrittenObject } from '../../../src/index.ts';

/**
 * Bytes in memory as the source of a file.
 * @param bytes of the file
 * @returns the source
 */
export function memorySource(bytes: Uint8Array): ByteSource {
  const read = ({ start, end }: ByteRange): Uint8Array => {
    if (!(start >= 0 && start <= end && end <= bytes.length))
      throw new Error(`bytes ${start} to ${end} were asked for`);
    return bytes.slice(start, end);
  };
  return {
    name: 'memory',
    size: bytes.length,
    read: (range) => Promise.resolve(read(range)),
    readMany: (ranges) => Promise.resolve(ranges.map(read)),
    close: () => Promise.resolve(),
  };
}

/** An object that is kept in memory. */
export class MemoryWriter implements ObjectWriter {
  readonly #chunks: Buffer[] = [];

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** All that was written. */
  get content(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  write(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(Buffer.from(chunk));
    return Promise.resolve();
  }

  commit(): Promise<WrittenObject> {
    return Promise.resolve({ key: 'memory', bytes: this.bytes, version: '', sha256: '' });
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}
