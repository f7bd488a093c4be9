import type { ByteSink, ByteRange, ByteSource } from './byte-source.ts';

/**
 * Bytes in memory as a source.
 * @param content of the file
 * @param name for messages
 * @returns the source; its reads are views of the content
 */
export function memorySource(content: Uint8Array, name = 'memory'): ByteSource {
  const read = async ({ start, end }: ByteRange): Promise<Uint8Array> => {
    if (!(start >= 0 && start <= end && end <= content.length))
      throw new RangeError(`${name} has ${content.length} bytes; ${start} to ${end} were asked for`);
    return content.subarray(start, end);
  };
  return {
    name,
    size: content.length,
    read,
    readMany: (ranges) => Promise.all(ranges.map(read)),
    close: () => Promise.resolve(),
  };
}

/** A sink that keeps everything. */
export class MemorySink implements ByteSink {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** All that was written, in one piece. */
  get content(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  write(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk.slice());
    this.#bytes += chunk.length;
    return Promise.resolve();
  }
}
