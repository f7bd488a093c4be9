/** Half-open range of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The content of one object, read by range. Every read is of the version that was opened. */
export interface ByteSource {
  /** Path or URL, for messages. */
  readonly name: string;
  readonly size: number;
  /**
   * @param range within the object
   * @returns exactly these bytes
   * @throws StoreError when they cannot be had, or the object was replaced since it was opened
   */
  read(range: ByteRange): Promise<Uint8Array>;
  /**
   * Several ranges at once: neighbours are fetched together, distant ones in parallel.
   * @param ranges in any order
   * @returns the bytes of each, in the same order; they may share a buffer
   */
  readMany(ranges: readonly ByteRange[]): Promise<Uint8Array[]>;
  /** Gives back what is held; may be called twice. */
  close(): Promise<void>;
}

/**
 * A source whose end is in memory already.
 * @param source any source
 * @param tail its last bytes
 * @returns a source that reads only what lies before them; reads of the tail are views of it
 */
export function withTail(source: ByteSource, tail: Uint8Array): ByteSource {
  const begin = source.size - tail.length;
  const isHeld = ({ start }: ByteRange): boolean => start >= begin;
  const held = ({ start, end }: ByteRange): Uint8Array => tail.subarray(start - begin, end - begin);
  return {
    name: source.name,
    size: source.size,
    read: (range) => (isHeld(range) ? Promise.resolve(held(range)) : source.read(range)),
    async readMany(ranges) {
      const parts = await source.readMany(ranges.filter((range) => !isHeld(range)));
      let next = 0;
      return ranges.map((range) => (isHeld(range) ? held(range) : parts[next++]!));
    },
    close: () => source.close(),
  };
}

/** Takes bytes, one chunk after another. */
export interface ByteSink {
  /** Bytes taken so far. */
  readonly bytes: number;
  /**
   * Takes bytes. Resolves when more are welcome: memory stays bounded. The caller may reuse the chunk's buffer then.
   * @param chunk any size
   */
  write(chunk: Uint8Array): Promise<void>;
}
