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
